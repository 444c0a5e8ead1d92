import { useCallback, useEffect, useRef } from 'react'
import { useStore } from 'react-redux'
import { useEnvironment } from '@/lib/environment-context'
import { useAppSelector, type AppStore } from '@/lib/store'
import { LiveService } from './live-service'

/** One socket while the component is mounted and somebody is signed in; `refresh` is the user's own wish for the latest. */
export function useLive(): { refresh: () => Promise<void> } {
  const store = useStore() as AppStore
  const environment = useEnvironment()
  const service = useRef<LiveService>(undefined)
  const { signedOut, generation } = useAppSelector((state) => state.session)

  useEffect(() => {
    const live = new LiveService(store, environment)
    service.current = live
    live.start()
    return () => live.stop()
  }, [store, environment, generation])

  useEffect(() => {
    if (signedOut) service.current?.halt()
  }, [signedOut])

  return { refresh: useCallback(() => service.current?.refresh() ?? Promise.resolve(), []) }
}
