import { describe, expect, it, vi } from 'vitest'
import { FakeSocket, problem, testEnvironment, type Answer } from '../../../test/fakes.ts'
import { setup, started, useLivePages } from '../../../test/live-page.ts'
import { envelope, recent, view } from '../../../test/samples.ts'
import { api } from '@/lib/api'
import { sessionEnded } from '@/lib/session-slice'
import { dashboardApi } from './dashboard-api'
import { LiveService } from './live-service'

useLivePages()

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

describe('a page that is come back to', () => {
  it('says how old what is still kept is, and nothing of what is not', async () => {
    const { service, store, pass, live } = await setup()
    const fetchedAt = live().confirmedAt
    const back = async () => {
      const next = new LiveService(store, testEnvironment(new FakeSocket()))
      next.start()
      const { confirmedAt } = live()
      await pass()
      next.stop()
      return confirmedAt
    }
    service.stop()
    await pass(60_000)
    expect(await back()).toBe(fetchedAt)
    await pass(600_000)
    expect(await back()).toBeNull()
  })

  it('says how old is what another page fetched, for this session or the next', async () => {
    const { service, store, server, pass, live } = await setup()
    service.stop()
    store.dispatch(api.util.resetApiState())
    await pass(1_200_000)
    store.dispatch(dashboardApi.endpoints.getDashboard.initiate())
    await pass()
    const fetchedAt = Date.now()
    server.answers['/api/dashboard'] = { status: 0 }
    await pass(60_000)
    const next = new LiveService(store, testEnvironment(new FakeSocket()))
    started.push(next)
    next.start()
    await pass()
    expect(live().confirmedAt).toBe(fetchedAt)
  })

  it('asks nothing while it is signed out, and keeps what it has', async () => {
    const { service, store, server, pass, held } = await setup()
    service.stop()
    store.dispatch(sessionEnded())
    const socket = new FakeSocket()
    const next = new LiveService(store, testEnvironment(socket))
    started.push(next)
    next.start()
    await pass(600_000)
    expect(socket.connect).not.toHaveBeenCalled()
    expect(server.dashboards()).toBe(1)
    expect(held()).toBeDefined()
  })
})

describe('events', () => {
  it('go into the cache', async () => {
    const { socket, held, pass } = await setup({ revision: 4 })
    socket.accept()
    await pass()
    socket.send(envelope('dashboard:recentMocAdded', recent(9), 5, { previous: 4 }), 'epoch.5')
    expect(held()?.view.recentMocs[0]?.id).toBe(recent(9).id)
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

describe('a snapshot that an event wants and that does not come', () => {
  it.each([
    ['dashboard:resync', { reason: 'restored' }, {}],
    ['dashboard:recentMocAdded', recent(9), { previous: 8 }],
    ['dashboard:summaryUpdated', view().summary, { epoch: 'another' }],
  ])('is missed: after %s the page is not live until it is there', async (type, payload, more) => {
    const { socket, server, pass, live, status } = await setup({ revision: 4 })
    socket.accept()
    await pass()
    const confirmedAt = live().confirmedAt
    server.answers['/api/dashboard'] = problem(503, 'UNAVAILABLE')
    socket.send(envelope(type, payload, 9, more))
    await pass(4_000)
    socket.beat()
    expect(status()).toBe('reconnecting')
    expect(live().confirmedAt).toBe(confirmedAt)
    server.answers['/api/dashboard'] = { revision: 9 }
    await pass(1_000)
    expect(status()).toBe('live')
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
