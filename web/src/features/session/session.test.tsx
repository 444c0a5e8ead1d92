import { act, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { fakeServer, problem } from '../../../test/fakes.ts'
import { setHidden } from '../../../test/live-page.ts'
import { renderPage } from '../../../test/render.tsx'
import { dashboardApi } from '@/lib/live/dashboard-api'
import { t } from '@/lib/strings'
import { toastShown } from '@/lib/toasts-slice'
import { SessionChanges } from './session-changes'
import { SessionMenu } from './session-menu'
import SignInPage from './sign-in-page'
import { SignedOutNotice } from './signed-out-notice'

const session = { body: { userId: 'alice', expiresAt: '2030-01-01T00:00:00.000Z' } }
const other = () => new BroadcastChannel('brickboard-session')
const channels: BroadcastChannel[] = []

beforeEach(() => channels.push(other()))
afterEach(() => {
  for (const channel of channels.splice(0)) channel.close()
  setHidden(false)
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

describe('signing in', () => {
  it('takes a token, tells the other tabs and goes where one wanted to go', async () => {
    const server = fakeServer({ 'POST /api/session': session })
    const heard = vi.fn()
    channels[0]!.onmessage = ({ data }) => heard(data)
    const { history } = renderPage(<SessionChanges><SignInPage /></SessionChanges>, '/sign-in?next=%2Fsets')
    expect(screen.queryByRole('button', { name: t.session.demo })).toBeNull()
    await userEvent.type(screen.getByLabelText(t.session.token), ' abc.def.ghi ')
    await userEvent.click(screen.getByRole('button', { name: t.session.signIn }))
    await waitFor(() => expect(history?.at(-1)).toBe('/sets'))
    expect(server.requests[0]?.headers.get('Authorization')).toBe('Bearer abc.def.ghi')
    await waitFor(() => expect(heard).toHaveBeenCalledWith('signedIn'))
  })

  it('is one click with a demo', async () => {
    const server = fakeServer({ 'POST /api/demo/session': { body: { ...session.body, token: 'secret' } } })
    const { history, store } = renderPage(<SessionChanges><SignInPage /></SessionChanges>, '/sign-in?next=//evil.example', { demo: true })
    await userEvent.click(screen.getByRole('button', { name: t.session.demo }))
    await waitFor(() => expect(history?.at(-1)).toBe('/dashboard'))
    expect(server.requests).toHaveLength(1)
    expect(JSON.stringify(store.getState())).not.toContain('secret')
  })

  it('says what is wrong with the token, at its field', async () => {
    fakeServer({ 'POST /api/session': problem(401, 'UNAUTHORIZED') })
    const { store } = renderPage(<SessionChanges><SignInPage /></SessionChanges>, '/sign-in')
    await userEvent.click(screen.getByRole('button', { name: t.session.signIn }))
    expect(screen.getByText(t.session.tokenMissing)).toBeTruthy()
    await userEvent.type(screen.getByLabelText(t.session.token), 'bad')
    await userEvent.click(screen.getByRole('button', { name: t.session.signIn }))
    await screen.findByText(t.session.tokenRefused)
    expect(document.activeElement).toBe(screen.getByLabelText(t.session.token))
    expect(store.getState().session.signedOut).toBe(false)
  })
})

describe('other tabs', () => {
  it('that sign out take cache and session from this one', async () => {
    fakeServer({ '/api/dashboard': {}, '/api/session': session })
    const { store } = renderPage(<SessionChanges>{null}</SessionChanges>)
    await act(() => store.dispatch(dashboardApi.endpoints.getDashboard.initiate()))
    const held = () => dashboardApi.endpoints.getDashboard.select()(store.getState()).data
    expect(held()).toBeDefined()
    store.dispatch(toastShown('error', 'Barn is yours.'))
    channels[0]!.postMessage('signedOut')
    await waitFor(() => expect(held()).toBeUndefined())
    expect(store.getState()).toMatchObject({ session: { signedOut: true }, toasts: [] })
    channels[0]!.postMessage('signedIn')
    await waitFor(() => expect(store.getState().session).toEqual({ signedOut: false, generation: 1 }))
  })
})

describe('signed out', () => {
  /** A page whose server cannot say who is signed in; time is fake, and there is no jitter. */
  const unknown = async () => {
    vi.useFakeTimers()
    vi.spyOn(Math, 'random').mockReturnValue(0.5)
    const server = fakeServer({ '/api/session': problem(503, 'UNAVAILABLE') })
    renderPage(<SessionChanges><SessionMenu /></SessionChanges>)
    const pass = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms))
    await pass(100)
    return { server, pass }
  }

  it('sends to the sign-in page who was never in', async () => {
    fakeServer({ '/api/session': problem(401, 'UNAUTHORIZED') })
    const { history } = renderPage(<SessionChanges><SessionMenu /><SignedOutNotice /></SessionChanges>, '/mocs')
    await waitFor(() => expect(history?.at(-1)).toBe('/sign-in?next=%2Fmocs'))
  })

  it('can be known after a failure too: who is signed in is asked again', async () => {
    const { server, pass } = await unknown()
    const seconds = []
    for (let asked = 1; asked < 4; asked++) {
      const since = Date.now()
      while (server.count('/api/session') === asked) await pass(100)
      seconds.push(Math.round((Date.now() - since) / 1_000))
    }
    expect(seconds).toEqual([1, 2, 4])
    server.answers['/api/session'] = session
    await pass(8_000)
    expect(screen.getByRole('button', { name: t.session.signOut })).toBeTruthy()
    const asked = server.count('/api/session')
    await pass(60_000)
    expect(server.count('/api/session')).toBe(asked)
  })

  it('is not asked about while the tab is hidden, but when it is shown', async () => {
    const { server, pass } = await unknown()
    act(() => setHidden(true))
    await pass(600_000)
    expect(server.count('/api/session')).toBe(1)
    act(() => setHidden(false))
    await pass(0)
    expect(server.count('/api/session')).toBe(2)
  })

  it('clears the cookie and drops everything on sign-out', async () => {
    const server = fakeServer({ 'GET /api/session': session, 'DELETE /api/session': { status: 204 } })
    const { history, store } = renderPage(<SessionChanges><SessionMenu /></SessionChanges>)
    await userEvent.click(await screen.findByRole('button', { name: t.session.signOut }))
    await waitFor(() => expect(history?.at(-1)).toBe('/sign-in'))
    expect(server.requests.some((request) => request.method === 'DELETE')).toBe(true)
    expect(store.getState().session.signedOut).toBe(true)
  })
})
