import { useState, type ReactNode } from 'react'
import { problemOf, type FieldErrors, type Problem } from '@/lib/problem'
import { FormProblem } from './form-problem'
import { SteadyButton } from './steady-button'

type AddFormProps = {
  title: string
  submit: string
  send: (form: FormData) => Promise<{ error?: unknown }>
  children: (errors: FieldErrors) => ReactNode
}

/** A form in a row that adds one thing, and is empty again when that is done. */
export function AddForm({ title, submit, send, children }: AddFormProps) {
  const [problem, setProblem] = useState<Problem>()
  const [sending, setSending] = useState(false)

  const onSubmit = async (form: HTMLFormElement) => {
    setSending(true)
    const { error } = await send(new FormData(form))
    setSending(false)
    setProblem(error === undefined ? undefined : problemOf(error))
    if (error === undefined) {
      form.reset()
      form.querySelector<HTMLElement>('input, select')?.focus()
    }
  }

  return (
    <form
      noValidate
      className="card add-form"
      aria-label={title}
      onSubmit={(event) => {
        event.preventDefault()
        void onSubmit(event.currentTarget)
      }}
    >
      <FormProblem problem={problem} />
      <div className="add-form-fields">{children(problem?.fields ?? {})}</div>
      <SteadyButton type="submit" className="button button-primary" aria-busy={sending}>
        {submit}
      </SteadyButton>
    </form>
  )
}
