import { useCallback, useEffect, useRef } from 'react'
import { useStore } from 'react-redux'
import { useEnvironment } from '@/lib/environment-context'
import { useAppSelector, type AppStore } from '@/lib/store'
import { LiveService } from './live-service'

/** One socket while the component is mounted and the session lasts; `refresh` is the user's own wish for the latest. */
export function useLive(): { refresh: () => Promise<{ error?: unknown }> } {
  const store = useStore() as AppStore
  const environment = useEnvironment()
  const service = useRef<LiveService>(undefined)
  const signedOut = useAppSelector((state) => state.session.signedOut)

  useEffect(() => {
    const live = new LiveService(store, environment)
    service.current = live
    live.start()
    return () => live.stop()
  }, [store, environment])

  useEffect(() => {
    if (signedOut) service.current?.halt()
  }, [signedOut])

  return { refresh: useCallback(async () => (await service.current?.refresh()) ?? {}, []) }
}
