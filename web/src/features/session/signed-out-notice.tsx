import { Link, Redirect, useLocation } from 'wouter'
import { useAppSelector } from '@/lib/store'
import { t } from '@/lib/strings'
import { sessionApi } from './session-api'

/** Asks to sign in: beside what is still on screen, or, where nobody was signed in, on the page for it. */
export function SignedOutNotice() {
  const signedOut = useAppSelector((state) => state.session.signedOut)
  const known = sessionApi.endpoints.getSession.useQueryState().data
  const [path] = useLocation()
  if (!signedOut || path === '/sign-in') return null
  const signIn = `/sign-in?next=${encodeURIComponent(path)}`
  if (known === undefined) return <Redirect to={signIn} replace />
  return (
    <div className="banner" role="alert">
      <p>
        <strong>{t.session.ended}.</strong> {t.session.endedHint}
      </p>
      <Link href={signIn} className="button button-primary">
        {t.session.signIn}
      </Link>
    </div>
  )
}
