import { useEffect, useRef } from 'react'
import type { Problem } from '@/lib/problem'
import { t } from '@/lib/strings'

/** What the server says against a form, and how many fields it names; the first of these gets the focus. */
export function FormProblem({ problem }: { problem: Problem | undefined }) {
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (problem) box.current?.closest('form')?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
  }, [problem])
  const named = problem ? Object.keys(problem.fields).length : 0
  return (
    <div role="alert" ref={box}>
      {problem && <p className="form-problem">{named > 0 ? t.errors.summary(named) : problem.detail}</p>}
    </div>
  )
}
