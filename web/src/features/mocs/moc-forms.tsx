import { useEffect, useRef, useState, type ReactNode, type RefObject } from 'react'
import { FormProblem } from '@/components/form-problem'
import { SteadyButton } from '@/components/steady-button'
import { problemOf, type Problem } from '@/lib/problem'
import { useAppDispatch } from '@/lib/store'
import { t } from '@/lib/strings'
import { toastShown } from '@/lib/toasts-slice'
import { DescriptionFields, describedBy, PartsFields, partsCountedBy } from './moc-fields'
import { useCountPartsMutation, useEditMocMutation, type Moc } from './mocs-api'

export function DescriptionForm({ moc }: { moc: Moc }) {
  const [edit] = useEditMocMutation()
  const { title, theme, buildStatus, coverImageUrl } = moc
  return (
    <ChangeForm held={{ title, theme, buildStatus, coverImageUrl }} title={t.moc.details} action={t.moc.save} send={(form) => edit({ moc, edit: describedBy(form) })}>
      {(problem) => <DescriptionFields moc={moc} errors={problem?.fields ?? {}} />}
    </ChangeForm>
  )
}

export function PartsForm({ moc }: { moc: Moc }) {
  const [count] = useCountPartsMutation()
  return (
    <ChangeForm held={moc.parts} title={t.moc.parts} action={t.moc.saveParts} send={(form) => count({ moc, parts: partsCountedBy(form) })}>
      {(problem) => <PartsFields parts={moc.parts} errors={problem?.fields ?? {}} />}
    </ChangeForm>
  )
}

/** What the server has, by the names of the controls. */
type Held = Record<string, string | number | null>

type ChangeFormProps = {
  held: Held
  title: string
  action: string
  send: (form: FormData) => Promise<{ error?: unknown }>
  children: (problem: Problem | undefined) => ReactNode
}

/** Changes the version that is shown, and no other: a 412 shows what changed elsewhere, and keeps the rest of what was typed. */
function ChangeForm({ held, title, action, send, children }: ChangeFormProps) {
  const [problem, setProblem] = useState<Problem>()
  const [sending, setSending] = useState(false)
  const dispatch = useAppDispatch()
  const form = useFormOf(held)

  const submit = async (data: FormData) => {
    setSending(true)
    const { error } = await send(data)
    setSending(false)
    const refused = error === undefined ? undefined : problemOf(error)
    const overtaken = refused?.code === 'PRECONDITION_FAILED'
    setProblem(overtaken ? undefined : refused)
    if (overtaken) dispatch(toastShown('error', t.moc.changedElsewhere))
    if (refused === undefined) dispatch(toastShown('info', t.moc.saved))
  }

  return (
    <form
      ref={form}
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
        <SteadyButton type="submit" className="button button-primary" aria-busy={sending}>
          {action}
        </SteadyButton>
      </div>
    </form>
  )
}

/** A form in each control of which what the server has takes the place of what was typed when it changes, and only then. */
function useFormOf(held: Held): RefObject<HTMLFormElement | null> {
  const form = useRef<HTMLFormElement>(null)
  const before = useRef(held)
  useEffect(() => {
    for (const [name, value] of Object.entries(held)) {
      if (value === before.current[name]) continue
      const control = form.current?.elements.namedItem(name) as HTMLInputElement // mounted anew, it would lose the focus
      control.value = String(value ?? '')
    }
    before.current = held
  }, [held])
  return form
}
