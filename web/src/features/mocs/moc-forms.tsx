import { useState, type ReactNode } from 'react'
import { FormProblem } from '@/components/form-problem'
import { problemOf, type Problem } from '@/lib/problem'
import { useAppDispatch } from '@/lib/store'
import { t } from '@/lib/strings'
import { toastShown } from '@/lib/toasts-slice'
import { DescriptionFields, describedBy, PartsFields, partsCountedBy } from './moc-fields'
import { useCountPartsMutation, useEditMocMutation, type Moc } from './mocs-api'

export function DescriptionForm({ moc }: { moc: Moc }) {
  const [edit] = useEditMocMutation()
  return (
    <ChangeForm key={moc.version} title={t.moc.details} action={t.moc.save} send={(form) => edit({ moc, edit: describedBy(form) })}>
      {(problem) => <DescriptionFields moc={moc} errors={problem?.fields ?? {}} />}
    </ChangeForm>
  )
}

export function PartsForm({ moc }: { moc: Moc }) {
  const [count] = useCountPartsMutation()
  return (
    <ChangeForm key={moc.version} title={t.moc.parts} action={t.moc.saveParts} send={(form) => count({ moc, parts: partsCountedBy(form) })}>
      {(problem) => <PartsFields parts={moc.parts} errors={problem?.fields ?? {}} />}
    </ChangeForm>
  )
}

type ChangeFormProps = {
  title: string
  action: string
  send: (form: FormData) => Promise<{ error?: unknown }>
  children: (problem: Problem | undefined) => ReactNode
}

/** Changes the version that is shown, and no other: a 412 shows what it is by now. */
function ChangeForm({ title, action, send, children }: ChangeFormProps) {
  const [problem, setProblem] = useState<Problem>()
  const [sending, setSending] = useState(false)
  const dispatch = useAppDispatch()

  const submit = async (form: FormData) => {
    setSending(true)
    const { error } = await send(form)
    setSending(false)
    const refused = error === undefined ? undefined : problemOf(error)
    setProblem(refused)
    if (refused === undefined) dispatch(toastShown('info', t.moc.saved))
    if (refused?.code === 'PRECONDITION_FAILED') dispatch(toastShown('error', t.moc.changedElsewhere))
  }

  return (
    <form
      noValidate
      className="card stack"
      aria-label={title}
      onSubmit={(event) => {
        event.preventDefault()
        void submit(new FormData(event.currentTarget))
      }}
    >
      <FormProblem problem={problem} />
      {children(problem)}
      <div className="row">
        <button type="submit" className="button button-primary" disabled={sending}>
          {action}
        </button>
      </div>
    </form>
  )
}
