import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { FakeSocket, fakeServer, problem, testEnvironment, type Answer } from '../../../test/fakes.ts'
import { envelope, recent, view } from '../../../test/samples.ts'
import { makeStore } from '@/lib/store'
import { dashboardApi } from './dashboard-api'
import { LiveService } from './live-service'
import { connectionStatus } from './live-slice'

beforeEach(() => {
  vi.useFakeTimers()
  vi.spyOn(Math, 'random').mockReturnValue(0.5) // no jitter
})
const started: LiveService[] = []
afterEach(() => {
  for (const service of started.splice(0)) service.stop()
  vi.useRealTimers()
  vi.unstubAllGlobals()
  setHidden(false)
})

function setHidden(hidden: boolean) {
  Object.defineProperty(document, 'hidden', { value: hidden, configurable: true })
  document.dispatchEvent(new Event('visibilitychange'))
}

/** A started service; `pass` lets time go by, and what waits for nothing but promises happen. */
async function setup(answer: Answer | (() => Promise<Answer>) = {}) {
  const socket = new FakeSocket()
  const server = fakeServer({ '/api/dashboard': answer })
  const environment = testEnvironment(socket)
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
  }
}

describe('start and stop', () => {
  it('connects and fetches at once, and again when the namespace is connected', async () => {
    const { socket, server, status, held, pass } = await setup({ revision: 4 })
    expect(socket.connect).toHaveBeenCalledTimes(1)
    expect(server.dashboards()).toBe(1)
    expect(held()?.revisions.summary).toBe(4)
    expect(status()).toBe('reconnecting')
    socket.accept()
    await pass()
    expect(server.dashboards()).toBe(2)
    expect(status()).toBe('live')
  })

  it('closes the socket, asks nothing more and hears nothing', async () => {
    const { socket, service, server, pass, live, held } = await setup()
    socket.accept()
    await pass()
    service.stop()
    expect(socket.disconnect).toHaveBeenCalled()
    socket.send(envelope('dashboard:summaryUpdated', { ...view().summary, totalMocs: 9 }, 9))
    const asked = server.dashboards()
    await pass(600_000)
    expect(server.dashboards()).toBe(asked)
    expect(live()).toMatchObject({ phase: 'closed', synced: false })
    expect(held()).toBeUndefined() // nobody holds the cache entry any more
  })
})

describe('events', () => {
  it('go into the cache', async () => {
    const { socket, held, live, pass } = await setup({ revision: 4 })
    socket.accept()
    await pass()
    socket.send(envelope('dashboard:recentMocAdded', recent(9), 5, { previous: 4 }), 'epoch.5')
    expect(held()?.view.recentMocs[0]?.id).toBe(recent(9).id)
    expect(live().changes).toBe(1)
  })

  it('before there is data, and after a gap, want a snapshot, one at a time', async () => {
    let answer: (answer: Answer) => void = () => undefined
    const { socket, server, held, pass } = await setup(() => new Promise<Answer>((resolve) => (answer = resolve)))
    socket.accept()
    socket.send(envelope('dashboard:summaryUpdated', view().summary, 5))
    await pass()
    expect(server.dashboards()).toBe(1)
    answer({ revision: 5 })
    await pass()
    expect(server.dashboards()).toBe(2) // all that was needed meanwhile is one more
    answer({ revision: 5 })
    await pass()
    expect(server.dashboards()).toBe(2)
    socket.send(envelope('dashboard:recentMocAdded', recent(9), 9, { previous: 8 }))
    await pass()
    expect(server.dashboards()).toBe(3)
    answer({ revision: 9, body: view({ recentMocs: [recent(9)] }) })
    await pass()
    expect(held()?.view.recentMocs).toHaveLength(1)
  })

  it('that overtake an older snapshot are not overwritten by it', async () => {
    let answer: (answer: Answer) => void = () => undefined
    const { socket, service, held, pass } = await setup(() => new Promise<Answer>((resolve) => (answer = resolve)))
    answer({ revision: 4 })
    await pass()
    void service.refresh()
    await pass()
    socket.send(envelope('dashboard:summaryUpdated', { ...view().summary, totalMocs: 99 }, 6))
    answer({ revision: 5 })
    await pass()
    expect(held()?.view.summary.totalMocs).toBe(99)
  })

  it('of unknown types are ignored, and malformed ones counted and skipped', async () => {
    const info = vi.spyOn(console, 'info').mockReturnValue()
    const warn = vi.spyOn(console, 'warn').mockReturnValue()
    const { socket, live, held } = await setup()
    const before = held()
    socket.send(envelope('dashboard:later', {}, 9))
    socket.send(envelope('dashboard:summaryUpdated', { totalMocs: 'many' }, 9))
    expect(info).toHaveBeenCalledOnce()
    expect(warn).toHaveBeenCalledOnce()
    expect(live().malformed).toBe(1)
    expect(held()).toBe(before)
  })

  it('of errors show a toast', async () => {
    const { socket, store } = await setup()
    socket.send(envelope('dashboard:error', { code: 'INTERNAL', message: 'a wheel came off' }, 0, { epoch: '' }))
    expect(store.getState().toasts[0]?.text).toContain('a wheel came off')
  })

  it('of another epoch, and a resync, fetch what replaces everything', async () => {
    const { socket, server, held, pass } = await setup({ revision: 8 })
    server.answers['/api/dashboard'] = { revision: 2, epoch: 'other-epoch-0123456789', body: view({ recentMocs: [] }) }
    socket.send(envelope('dashboard:resync', { reason: 'restored' }, 0, { epoch: '' }))
    await pass()
    expect(held()).toMatchObject({ epoch: 'other-epoch-0123456789', revisions: { recent: 2 }, view: { recentMocs: [] } })
  })
})

describe('reconnection', () => {
  it('waits 1, 2, 4 … 30 s, never giving up', async () => {
    const { socket, live, pass } = await setup()
    const waits = []
    for (let n = 0; n < 8; n++) {
      socket.refuse()
      waits.push((live().retryAt ?? 0) - Date.now())
      await pass((live().retryAt ?? 0) - Date.now())
    }
    expect(waits).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000])
    expect(socket.connect).toHaveBeenCalledTimes(9)
  })

  it('gives up a try that hangs for 20 s, also where the transport is open', async () => {
    const { socket, pass, status } = await setup()
    await pass(20_000)
    expect(socket.disconnect).toHaveBeenCalledTimes(1)
    expect(status()).toBe('reconnecting')
    await pass(1_000)
    expect(socket.connect).toHaveBeenCalledTimes(2)
  })

  it('fetches again, unless the connection recovered', async () => {
    const { socket, server, pass, status } = await setup()
    socket.accept()
    await pass()
    const asked = server.dashboards()
    socket.close()
    await pass(1_000)
    socket.accept({ recovered: true })
    await pass()
    expect(server.dashboards()).toBe(asked)
    expect(status()).toBe('live')
    socket.close()
    await pass(1_000)
    socket.accept()
    await pass()
    expect(server.dashboards()).toBe(asked + 1)
  })

  it('fetches what an earlier fetch failed to, also when it recovered', async () => {
    const { socket, server, pass, status, held } = await setup({ status: 0 })
    expect(held()).toBeUndefined()
    server.answers['/api/dashboard'] = {}
    socket.accept({ recovered: true })
    await pass()
    expect(held()).toBeDefined()
    expect(status()).toBe('live')
  })

  it('is live only when the snapshot is in, and tries that again', async () => {
    const { socket, server, pass, status } = await setup()
    server.answers['/api/dashboard'] = problem(503, 'UNAVAILABLE')
    socket.accept()
    await pass()
    expect(status()).toBe('reconnecting')
    server.answers['/api/dashboard'] = {}
    await pass(5_000)
    expect(status()).toBe('live')
  })

  it('notices a dead connection within 30 s', async () => {
    const { socket, pass, status } = await setup()
    socket.accept()
    await pass(15_000)
    socket.beat()
    await pass(29_000)
    expect(status()).toBe('live')
    await pass(1_000)
    expect(status()).toBe('reconnecting')
    expect(socket.disconnect).toHaveBeenCalledTimes(1)
  })

  it('happens at once on online, when shown, and when the user wants it', async () => {
    const { socket, service, pass } = await setup()
    socket.refuse()
    window.dispatchEvent(new Event('online'))
    expect(socket.connect).toHaveBeenCalledTimes(2)
    socket.refuse()
    setHidden(true)
    setHidden(false)
    expect(socket.connect).toHaveBeenCalledTimes(3)
    socket.refuse()
    void service.refresh()
    expect(socket.connect).toHaveBeenCalledTimes(4)
    await pass()
  })

  it('says offline, and that no longer when the network is back', async () => {
    const { socket, status } = await setup()
    socket.refuse()
    window.dispatchEvent(new Event('offline'))
    expect(status()).toBe('offline')
    window.dispatchEvent(new Event('online'))
    expect(status()).toBe('reconnecting')
  })
})

describe('degraded mode', () => {
  it('begins with the fifth failure since the last connect, each refusal and each close', async () => {
    const { socket, fail, pass, live } = await setup()
    await fail(3)
    socket.accept() // begins the count anew
    await pass()
    socket.close()
    await pass(1_000)
    await fail(3)
    expect(live().degraded).toBeNull()
    await fail(1)
    expect(live().degraded).toBe('failures')
  })

  it('polls every 30 to 60 s while it goes on trying to connect', async () => {
    const { socket, fail, server, pass, status } = await setup()
    await fail(5)
    expect(status()).toBe('degraded')
    const asked = server.dashboards()
    const tries = socket.connect.mock.calls.length
    for (let n = 0; n < 10; n++) await fail(1) // 30 s each
    expect(socket.connect.mock.calls.length - tries).toBe(10)
    expect(server.dashboards() - asked).toBeGreaterThanOrEqual(300 / 60)
    expect(server.dashboards() - asked).toBeLessThanOrEqual(300 / 30)
    await pass()
  })

  it('ends when the namespace is connected and its snapshot is in, and with it the polling', async () => {
    let answer: ((answer: Answer) => void) | undefined
    const { socket, fail, server, pass, status } = await setup()
    await fail(5)
    server.answers['/api/dashboard'] = () => new Promise((resolve) => (answer = resolve))
    socket.accept()
    await pass()
    expect(status()).toBe('degraded')
    answer?.({})
    await pass()
    expect(status()).toBe('live')
    const asked = server.dashboards()
    for (let n = 0; n < 20; n++) {
      socket.beat()
      await pass(15_000)
    }
    expect(server.dashboards()).toBe(asked)
  })

  it('takes the place of a session too many, which tries again every 60 s', async () => {
    const { socket, pass, live } = await setup()
    socket.refuse('TOO_MANY_SESSIONS')
    expect(live().degraded).toBe('tooManySessions')
    await pass(59_000)
    expect(socket.connect).toHaveBeenCalledTimes(1)
    await pass(1_000)
    expect(socket.connect).toHaveBeenCalledTimes(2)
  })
})

describe('rest', () => {
  it('comes after 60 s hidden, and ends when shown', async () => {
    const { socket, server, pass, status } = await setup()
    socket.accept()
    await pass()
    setHidden(true)
    await pass(20_000)
    socket.beat()
    await pass(20_000)
    socket.beat()
    await pass(19_000)
    expect(socket.disconnect).not.toHaveBeenCalled()
    await pass(1_000)
    expect(socket.disconnect).toHaveBeenCalledTimes(1)
    const asked = server.dashboards()
    await pass(600_000)
    expect(socket.connect).toHaveBeenCalledTimes(1)
    expect(server.dashboards()).toBe(asked)
    setHidden(false)
    expect(socket.connect).toHaveBeenCalledTimes(2)
    socket.accept()
    await pass()
    expect(server.dashboards()).toBe(asked + 1)
    expect(status()).toBe('live')
  })

  it('rests a degraded page’s polling too, and is no failure', async () => {
    const { fail, server, pass, status } = await setup()
    await fail(5)
    setHidden(true)
    await pass(60_000)
    const asked = server.dashboards()
    await pass(600_000)
    expect(server.dashboards()).toBe(asked)
    setHidden(false)
    await pass()
    expect(server.dashboards()).toBe(asked + 1)
    expect(status()).toBe('degraded')
  })
})

describe('sessions', () => {
  it('that the socket refuses end: no more tries, no more polls, and the view stays', async () => {
    const { socket, service, server, pass, status, held, store } = await setup()
    socket.refuse('AUTH_FAILED')
    expect(status()).toBe('signedOut')
    service.halt() // as the hook does then
    const asked = server.dashboards()
    await pass(3_600_000)
    expect(socket.connect).toHaveBeenCalledTimes(1)
    expect(server.dashboards()).toBe(asked)
    expect(held()).toBeDefined()
    expect(store.getState().session.signedOut).toBe(true)
  })

  it('that REST refuses end as well', async () => {
    const { status } = await setup(problem(401, 'UNAUTHORIZED'))
    expect(status()).toBe('signedOut')
  })

  it('that expired come back once', async () => {
    const { socket, pass, status } = await setup()
    const expired = envelope('dashboard:error', { code: 'TOKEN_EXPIRED', message: 'expired' }, 0, { epoch: '' })
    socket.accept()
    await pass()
    socket.send(expired)
    socket.close()
    await pass(1_000)
    expect(socket.connect).toHaveBeenCalledTimes(2)
    socket.accept()
    await pass()
    expect(status()).toBe('live')
    socket.send(expired)
    expect(status()).toBe('signedOut')
  })
})
