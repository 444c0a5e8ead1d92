import { useState } from 'react'
import { useLocation, useSearch } from 'wouter'
import { Field } from '@/components/field'
import { FormProblem } from '@/components/form-problem'
import { PageTitle } from '@/components/page-title'
import { SteadyButton } from '@/components/steady-button'
import { useEnvironment } from '@/lib/environment-context'
import { problemOf, type Problem } from '@/lib/problem'
import { t } from '@/lib/strings'
import { useSignInMutation, useSignInToDemoMutation } from './session-api'
import { useSessionChanged } from './session-changes'

export default function SignInPage() {
  const { demo } = useEnvironment()
  const [signIn, signingIn] = useSignInMutation()
  const [signInToDemo, signingInToDemo] = useSignInToDemoMutation()
  const [problem, setProblem] = useState<Problem>()
  const changed = useSessionChanged()
  const [, navigate] = useLocation()
  const next = nextPath(useSearch())

  const finish = (result: { error?: unknown }) => {
    if (result.error !== undefined) {
      const refused = problemOf(result.error)
      setProblem(refused.code === 'UNAUTHORIZED' ? { ...refused, fields: { token: t.session.tokenRefused } } : refused)
      return
    }
    changed('signedIn')
    navigate(next, { replace: true })
  }
  const submit = async (form: FormData) => {
    const token = String(form.get('token')).trim()
    if (token === '') setProblem({ code: '', detail: '', fields: { token: t.session.tokenMissing } })
    else finish(await signIn(token))
  }

  return (
    <div className="sign-in card">
      <PageTitle>{t.session.signIn}</PageTitle>
      <p>{t.session.intro}</p>
      {demo && (
        <div className="stack">
          <SteadyButton type="button" className="button button-primary button-large" aria-busy={signingInToDemo.isLoading} onClick={() => void signInToDemo().then(finish)}>
            {t.session.demo}
          </SteadyButton>
          <p className="hint">{t.session.demoHint}</p>
          <h2>{t.session.orToken}</h2>
        </div>
      )}
      <form
        noValidate
        className="stack"
        onSubmit={(event) => {
          event.preventDefault()
          void submit(new FormData(event.currentTarget))
        }}
      >
        <FormProblem problem={problem} />
        <Field label={t.session.token} name="token" hint={t.session.tokenHint} error={problem?.fields['token']}>
          {(control) => <textarea {...control} rows={4} autoComplete="off" spellCheck={false} />}
        </Field>
        <SteadyButton type="submit" className={demo ? 'button' : 'button button-primary'} aria-busy={signingIn.isLoading}>
          {t.session.signIn}
        </SteadyButton>
      </form>
    </div>
  )
}

/** Where to go after signing in: a path of ours, never another site. */
function nextPath(search: string): string {
  const next = new URLSearchParams(search).get('next') ?? ''
  return /^\/(?![/\\])/.test(next) ? next : '/dashboard'
}
