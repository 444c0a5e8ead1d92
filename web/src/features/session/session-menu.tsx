import { useEffect, useRef } from 'react'
import { useLocation } from 'wouter'
import { SteadyButton } from '@/components/steady-button'
import { useEnvironment } from '@/lib/environment-context'
import { delayAfter } from '@/lib/live/backoff'
import { problemOf } from '@/lib/problem'
import { useAppDispatch, useAppSelector } from '@/lib/store'
import { t } from '@/lib/strings'
import { toastShown } from '@/lib/toasts-slice'
import { useGetSessionQuery, useSignOutMutation } from './session-api'
import { useSessionChanged } from './session-changes'

/** Who is signed in, and the way out. A page that was given a token has neither: its cookie is not what speaks. */
export function SessionMenu() {
  const { token } = useEnvironment()
  const signedOut = useAppSelector((state) => state.session.signedOut)
  const { data } = useSession(signedOut)
  const [signOut, { isLoading }] = useSignOutMutation()
  const changed = useSessionChanged()
  const dispatch = useAppDispatch()
  const [, navigate] = useLocation()

  if (signedOut || data === undefined) return null
  const leave = async () => {
    const { error } = await signOut()
    if (error) {
      dispatch(toastShown('error', problemOf(error).detail))
      return
    }
    changed('signedOut')
    navigate('/sign-in')
  }
  return (
    <div className="session">
      <span className="session-user" title={t.session.signedInAs(data.userId)}>
        {data.userId}
      </span>
      {token === undefined && (
        <SteadyButton type="button" className="button button-quiet" aria-busy={isLoading} onClick={() => void leave()}>
          {t.session.signOut}
        </SteadyButton>
      )}
    </div>
  )
}

/** Who is signed in; asked again after a failure, later each time, and only while the tab is shown. */
function useSession(signedOut: boolean) {
  const session = useGetSessionQuery()
  const { error, isFetching, refetch } = session
  const failures = useRef(0)
  useEffect(() => {
    if (!error || isFetching || signedOut) return
    const ask = () => {
      if (!document.hidden) void refetch()
    }
    const timer = setTimeout(ask, delayAfter(++failures.current, Math.random))
    document.addEventListener('visibilitychange', ask)
    return () => {
      clearTimeout(timer)
      document.removeEventListener('visibilitychange', ask)
    }
  }, [error, isFetching, signedOut, refetch]) // each failure is an error of its own
  return session
}
