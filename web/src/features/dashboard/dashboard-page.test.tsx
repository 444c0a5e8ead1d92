import { act, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { FakeSocket, fakeServer, problem } from '../../../test/fakes.ts'
import { renderPage } from '../../../test/render.tsx'
import { envelope, recent, view } from '../../../test/samples.ts'
import { api } from '@/lib/api'
import { makeSocket } from '@/lib/live/socket'
import { sessionBegan, sessionEnded } from '@/lib/session-slice'
import { t } from '@/lib/strings'
import { announceEveryMs } from './announcements/announcer'
import DashboardPage from './dashboard-page'

afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

async function setup(answer = {}) {
  const server = fakeServer({ '/api/dashboard': { revision: 4, ...answer } })
  const page = renderPage(<DashboardPage />)
  await waitFor(() => expect(server.dashboards()).toBe(1))
  return { ...page, server }
}

const connect = async (socket: FakeSocket) => {
  act(() => socket.accept())
  await screen.findByText(t.live.status.live)
}
const total = () => screen.getByTestId('total-mocs-count').textContent
/** Sends, and lets a frame go by: what comes live is shown once a frame. */
const send = (socket: FakeSocket, sent: { type: string }) =>
  act(async () => {
    socket.send(sent)
    if (vi.isFakeTimers()) await vi.advanceTimersByTimeAsync(20)
    else await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
  })
const grow = (socket: FakeSocket, totalMocs: number, revision: number) =>
  send(socket, envelope('dashboard:summaryUpdated', { ...view().summary, totalMocs }, revision))

describe('the dashboard', () => {
  it('opens one socket on mount, and closes it on unmount', async () => {
    const { socket, unmount } = await setup()
    expect(socket.connect).toHaveBeenCalledTimes(1)
    await connect(socket)
    unmount()
    expect(socket.disconnect).toHaveBeenCalledTimes(1)
  })

  it('shows what comes live, and says so', async () => {
    const { socket } = await setup()
    await connect(socket)
    expect(total()).toBe('2')
    await grow(socket, 3, 5)
    expect(total()).toBe('3')
    expect(screen.getByTestId('total-mocs-count').className).toBe('changed')
    expect(screen.getByTestId('connection-status').textContent).toMatch(/^Live.*as of now/)
  })

  it('shows skeletons, then an error with retry in each card', async () => {
    const { server } = await setup({ status: 0 })
    const retries = await screen.findAllByRole('button', { name: t.errors.retry })
    expect(retries).toHaveLength(4)
    server.answers['/api/dashboard'] = { revision: 4 }
    await userEvent.click(retries[0]!)
    await screen.findByTestId('total-mocs-count')
  })

  it('says how old what it shows is', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true })
    const { socket, server } = await setup()
    const status = () => screen.getByTestId('connection-status').textContent
    await connect(socket)
    server.answers['/api/dashboard'] = { status: 0 }
    act(() => socket.close())
    expect(status()).toMatch(/as of now$/)
    await act(() => vi.advanceTimersByTimeAsync(34_000))
    expect(status()).toMatch(/as of 30 seconds ago$/)
    await act(() => vi.advanceTimersByTimeAsync(300_000))
    expect(status()).toMatch(/as of 5 minutes ago$/)
  })

  it('is found by its test ids', async () => {
    const { socket, container } = await setup()
    await screen.findByTestId('total-mocs-count')
    act(() => socket.refuse('TOO_MANY_SESSIONS'))
    const ids = Array.from(container.querySelectorAll('[data-testid]'), (element) => element.getAttribute('data-testid'))
    expect(ids.toSorted()).toEqual([
      'collection-summary-card',
      'connection-status',
      'degraded-mode-banner',
      'partial-parts-table',
      'quick-actions-card',
      'recent-mocs-card',
      'theme-breakdown-card',
      'total-mocs-count',
      'wishlist-items-count',
    ])
  })

  it('freezes while paused, says how many changes wait, and catches up', async () => {
    const { socket } = await setup()
    await connect(socket)
    const pause = screen.getByRole('button', { name: t.dashboard.pause })
    await userEvent.click(pause)
    expect(pause.getAttribute('aria-pressed')).toBe('true')
    await grow(socket, 3, 5)
    await grow(socket, 4, 6)
    expect(total()).toBe('2')
    expect(screen.getByText('Paused; 2 changes wait')).toBeTruthy()
    await userEvent.click(pause)
    expect(total()).toBe('4')
  })

  it('counts what is told of several sections at once as one change, and another epoch too', async () => {
    const { socket, server } = await setup()
    await connect(socket)
    await userEvent.click(screen.getByRole('button', { name: t.dashboard.pause }))
    await grow(socket, 3, 5)
    await send(socket, envelope('dashboard:recentMocAdded', recent(9), 5, { previous: 4 }))
    await send(socket, envelope('dashboard:themeBreakdownUpdated', [], 5))
    expect(screen.getByText('Paused; 1 change waits')).toBeTruthy()
    server.answers['/api/dashboard'] = { revision: 2, epoch: 'other-epoch-0123456789' }
    await send(socket, envelope('dashboard:resync', { reason: 'restored' }, 0, { epoch: '' }))
    await screen.findByText(t.live.status.live)
    expect(screen.getByText('Paused; 1 change waits')).toBeTruthy()
  })

  it('shows nothing of the session before, also when it was paused', async () => {
    const { store, server } = await setup()
    await screen.findByTestId('total-mocs-count')
    await userEvent.click(screen.getByRole('button', { name: t.dashboard.pause }))
    server.answers['/api/dashboard'] = { body: view({ summary: { ...view().summary, totalMocs: 7 } }) }
    act(() => {
      store.dispatch(sessionEnded())
      store.dispatch(api.util.resetApiState())
      store.dispatch(sessionBegan())
    })
    expect(screen.queryByTestId('total-mocs-count')).toBeNull()
    await screen.findByTestId('total-mocs-count')
    expect(total()).toBe('7')
    expect(screen.getByRole('button', { name: t.dashboard.pause }).getAttribute('aria-pressed')).toBe('false')
  })

  it('says that it could not be refreshed', async () => {
    const { store, server } = await setup()
    await screen.findByTestId('total-mocs-count')
    server.answers['/api/dashboard'] = problem(503, 'UNAVAILABLE')
    await userEvent.click(screen.getByRole('button', { name: t.dashboard.refresh }))
    await waitFor(() => expect(store.getState().toasts[0]?.text).toBe('it is UNAVAILABLE'))
    expect(total()).toBe('2')
  })

  it('goes to degraded mode with a banner, and retries at once when asked to', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true })
    const { socket } = await setup()
    for (let n = 0; n < 5; n++) {
      act(() => socket.refuse())
      await act(() => vi.advanceTimersByTimeAsync(31_000))
      act(() => socket.refuse())
    }
    expect(screen.getByTestId('degraded-mode-banner').textContent).toContain(t.live.degradedTitle)
    expect(screen.getByTestId('connection-status').textContent).toMatch(/^Degraded/)
    const tries = socket.connect.mock.calls.length
    screen.getByRole('button', { name: t.live.retry }).click()
    expect(socket.connect.mock.calls.length).toBe(tries + 1)
    act(() => socket.accept())
    await waitFor(() => expect(screen.queryByTestId('degraded-mode-banner')).toBeNull())
  })

  it('keeps the last view on screen when the session ends, and begins anew with the next one', async () => {
    const { socket, store, server } = await setup()
    await connect(socket)
    act(() => socket.close())
    act(() => socket.refuse('AUTH_FAILED'))
    expect(screen.getByTestId('connection-status').textContent).toMatch(/^Signed out.*as of/)
    expect(total()).toBe('2')
    const asked = server.dashboards()
    act(() => void store.dispatch(sessionBegan()))
    await waitFor(() => expect(server.dashboards()).toBe(asked + 1))
  })

  it('is signed out by a 401', async () => {
    const { socket } = await setup(problem(401, 'UNAUTHORIZED'))
    await screen.findByText(t.live.status.signedOut)
    expect(socket.disconnect).toHaveBeenCalled()
  })

  it('announces changes in one sentence, at most once in 5 s', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true })
    const { socket } = await setup()
    await connect(socket)
    const said = () => screen.getByRole('status').textContent
    await act(() => vi.advanceTimersByTimeAsync(2 * announceEveryMs)) // "Live." has been said
    await grow(socket, 3, 5)
    await act(() => vi.advanceTimersByTimeAsync(1))
    expect(said()).toBe('Updated: 3 MOCs.')
    await grow(socket, 4, 6)
    await send(socket, envelope('dashboard:recentMocAdded', recent(9), 6, { previous: 4 }))
    await act(() => vi.advanceTimersByTimeAsync(announceEveryMs - 500))
    expect(said()).toBe('Updated: 3 MOCs.')
    await act(() => vi.advanceTimersByTimeAsync(500))
    expect(said()).toBe('Updated: 4 MOCs, newest: MOC 9.')
  })

  it('lets the recent list stand still under the pointer', async () => {
    const { socket } = await setup()
    await connect(socket)
    const titles = () => Array.from(document.querySelectorAll('.recent-title'), (title) => title.textContent)
    await userEvent.hover(document.querySelector('.recent-list')!)
    await send(socket, envelope('dashboard:recentMocAdded', recent(9), 6, { previous: 4 }))
    expect(titles()).toEqual(['MOC 2', 'MOC 1'])
    expect(screen.getByText(t.dashboard.held)).toBeTruthy()
    await userEvent.unhover(document.querySelector('.recent-list')!)
    expect(titles()).toEqual(['MOC 9', 'MOC 2', 'MOC 1'])
  })
})

describe('the handshake', () => {
  it('asks for deltas, with the token that the page was given, else on the cookie', async () => {
    const handshake = (socket: unknown) => new Promise((resolve) => (socket as { auth: (give: (data: object) => void) => void }).auth(resolve))
    const environment = { serverUrl: 'http://localhost', failuresUntilDegraded: 5, demo: false }
    expect(await handshake(makeSocket({ ...environment, token: undefined }))).toEqual({ deltas: true })
    expect(await handshake(makeSocket({ ...environment, token: async () => 'abc' }))).toEqual({ deltas: true, token: 'abc' })
  })
})
