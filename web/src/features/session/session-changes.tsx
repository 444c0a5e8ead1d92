import { createContext, useCallback, useContext, useEffect, useMemo, type ReactNode } from 'react'
import { api } from '@/lib/api'
import { sessionBegan, sessionEnded } from '@/lib/session-slice'
import { useAppDispatch } from '@/lib/store'
import { toastsCleared } from '@/lib/toasts-slice'

const channelName = 'brickboard-session'

type Change = 'signedIn' | 'signedOut'

const Changed = createContext<(change: Change) => void>(() => undefined)

/** To be told when somebody signed in or out here. */
export const useSessionChanged = () => useContext(Changed)

/**
 * Whoever signs in or out tells it to the other tabs. All of them then drop what was cached and said for the collector
 * before, and their socket with it; after signing in they begin anew.
 */
export function SessionChanges({ children }: { children: ReactNode }) {
  const dispatch = useAppDispatch()
  const channel = useMemo(() => new BroadcastChannel(channelName), [])

  const take = useCallback(
    (change: Change) => {
      dispatch(sessionEnded()) // first: nothing more is asked in the name of the one before
      dispatch(api.util.resetApiState())
      dispatch(toastsCleared())
      if (change === 'signedIn') dispatch(sessionBegan())
    },
    [dispatch],
  )

  useEffect(() => {
    const listen = ({ data }: MessageEvent<unknown>) => {
      if (data === 'signedIn' || data === 'signedOut') take(data)
    }
    channel.addEventListener('message', listen)
    return () => channel.removeEventListener('message', listen)
  }, [channel, take])

  const changed = useCallback(
    (change: Change) => {
      take(change)
      channel.postMessage(change)
    },
    [channel, take],
  )
  return <Changed value={changed}>{children}</Changed>
}
