import { useEffect } from 'react'
import { useLocation } from 'wouter'
import { useEnvironment } from '@/lib/environment-context'
import { problemOf } from '@/lib/problem'
import { useAppDispatch, useAppSelector } from '@/lib/store'
import { t } from '@/lib/strings'
import { toastShown } from '@/lib/toasts-slice'
import { useGetSessionQuery, useSignOutMutation } from './session-api'
import { useSessionChanged } from './session-changes'

const askAgainMs = 10_000

/** Who is signed in, and the way out. A page that was given a token has neither: its cookie is not what speaks. */
export function SessionMenu() {
  const { token } = useEnvironment()
  const signedOut = useAppSelector((state) => state.session.signedOut)
  const { data, isError, refetch } = useGetSessionQuery()
  const [signOut, { isLoading }] = useSignOutMutation()
  const changed = useSessionChanged()
  const dispatch = useAppDispatch()
  const [, navigate] = useLocation()

  useEffect(() => {
    if (!isError || signedOut) return
    const timer = setInterval(() => void refetch(), askAgainMs)
    return () => clearInterval(timer)
  }, [isError, signedOut, refetch])

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
        <button type="button" className="button button-quiet" disabled={isLoading} onClick={() => void leave()}>
          {t.session.signOut}
        </button>
      )}
    </div>
  )
}
