import { afterEach, beforeEach, vi } from 'vitest'
import type { Environment } from '@/lib/environment'
import { dashboardApi } from '@/lib/live/dashboard-api'
import { LiveService } from '@/lib/live/live-service'
import { connectionStatus } from '@/lib/live/live-slice'
import { makeStore } from '@/lib/store'
import { FakeSocket, fakeServer, testEnvironment, type Answer } from './fakes.ts'

/** In each test of the file time is fake, and there is no jitter. */
export function useLivePages(): void {
  beforeEach(() => {
    vi.useFakeTimers()
    vi.spyOn(Math, 'random').mockReturnValue(0.5)
  })
  afterEach(() => {
    for (const service of started.splice(0)) service.stop()
    vi.useRealTimers()
    vi.unstubAllGlobals()
    setHidden(false)
  })
}

/** The services that are stopped at the end of the test. */
export const started: LiveService[] = []

export function setHidden(hidden: boolean) {
  Object.defineProperty(document, 'hidden', { value: hidden, configurable: true })
  document.dispatchEvent(new Event('visibilitychange'))
}

/** A started service; `pass` lets time go by, and what waits for nothing but promises happen. */
export async function setup(answer: Answer | (() => Promise<Answer>) = {}, given: Partial<Environment> = {}) {
  const socket = new FakeSocket()
  const server = fakeServer({ '/api/dashboard': answer })
  const environment = testEnvironment(socket, given)
  const store = makeStore(environment)
  const service = new LiveService(store, environment)
  const pass = (ms = 0) => vi.advanceTimersByTimeAsync(ms)
  started.push(service)
  service.start()
  await pass()
  return {
    socket,
    server,
    store,
    service,
    pass,
    live: () => store.getState().live,
    held: () => dashboardApi.endpoints.getDashboard.select()(store.getState()).data,
    status: () => connectionStatus(store.getState().live, store.getState().session.signedOut),
    /** Lets the socket fail n times, each after its wait. */
    fail: async (times: number) => {
      for (let n = 0; n < times; n++) {
        socket.refuse()
        await pass((store.getState().live.retryAt ?? 0) - Date.now())
      }
    },
    /** Hides the connected page, whose line is well, for the minute after which it rests. */
    rest: async () => {
      setHidden(true)
      await pass(20_000)
      socket.beat()
      await pass(20_000)
      socket.beat()
      await pass(20_000)
    },
  }
}
