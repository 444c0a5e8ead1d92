import { act, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { FakeSocket, fakeServer } from '../../test/fakes.ts'
import { renderPage } from '../../test/render.tsx'
import { SessionChanges } from '@/features/session/session-changes'
import { t } from '@/lib/strings'
import { toastShown } from '@/lib/toasts-slice'
import { App } from './app'
import { CrashBoundary } from './crash-boundary'
import { mount } from './mount'
import { Toasts } from './toasts'

const session = { body: { userId: 'alice', expiresAt: '2030-01-01T00:00:00.000Z' } }
const empty = { body: { items: [], nextCursor: null } }

afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

const visit = (path: string) => {
  fakeServer({ '/api/dashboard': {}, '/api/session': session, '/api/mocs': empty, '/api/sets': empty, '/api/wishlist': empty })
  return renderPage(<SessionChanges><App /></SessionChanges>, path)
}
const heading = (name: string) => screen.findByRole('heading', { level: 1, name })

describe('the page', () => {
  it('begins with the dashboard', async () => {
    const { history } = visit('/')
    await heading(t.dashboard.title)
    expect(history?.at(-1)).toBe('/dashboard')
  })

  it('leads everywhere, and marks where one is', async () => {
    visit('/dashboard')
    const menu = screen.getByRole('navigation', { name: t.app.navigation })
    for (const [place, title] of [[t.nav.mocs, t.mocs.title], [t.nav.sets, t.sets.title], [t.nav.wishlist, t.wishlist.title]] as const) {
      await userEvent.click(within(menu).getByRole('link', { name: place }))
      await heading(title)
      expect(within(menu).getAllByRole('link', { current: 'page' }).map((link) => link.textContent)).toEqual([place])
    }
  })

  it('says that an address leads nowhere, and shows a way back', async () => {
    const { history } = visit('/no/such/page')
    await heading(t.app.notFound)
    await userEvent.click(screen.getByRole('link', { name: t.app.toDashboard }))
    await heading(t.dashboard.title)
    expect(history?.at(-1)).toBe('/dashboard')
  })

  it('that breaks offers to be loaded again', () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined)
    const Broken = () => {
      throw new Error('broken')
    }
    renderPage(<CrashBoundary><Broken /></CrashBoundary>)
    expect(screen.getByRole('alert').textContent).toContain(t.app.crashed)
    expect(screen.getByRole('button', { name: t.app.reload })).toBeTruthy()
  })
})

describe('toasts', () => {
  const texts = () => screen.queryAllByRole('paragraph').map((toast) => toast.textContent)

  it('that say an error stay until they are dismissed, others go by themselves', () => {
    vi.useFakeTimers()
    const { store } = renderPage(<Toasts />)
    act(() => {
      store.dispatch(toastShown('error', 'It failed.'))
      store.dispatch(toastShown('info', t.moc.saved))
    })
    expect(texts()).toEqual(['It failed.', t.moc.saved])
    act(() => void vi.advanceTimersByTime(60_000))
    expect(texts()).toEqual(['It failed.'])
    act(() => screen.getByRole('button', { name: t.app.dismiss }).click())
    expect(texts()).toEqual([])
  })

  it('are the last few, equal ones once', () => {
    const { store } = renderPage(<Toasts />)
    act(() => ['a', 'b', 'c', 'd', 'c'].forEach((text) => store.dispatch(toastShown('error', text))))
    expect(texts()).toEqual(['b', 'd', 'c'])
  })
})

it('embedded elsewhere, the page uses the server and the token that it is given, and goes without a trace', async () => {
  const server = fakeServer({ '/api/dashboard': {}, '/api/session': session })
  const socket = new FakeSocket()
  const makeSocket = vi.fn(() => socket)
  window.history.replaceState(null, '', '/dashboard')
  const element = document.body.appendChild(document.createElement('div'))
  const given = { serverUrl: 'https://bricks.example', token: () => 'abc', failuresUntilDegraded: 99, makeSocket }
  let unmount = () => undefined as void
  act(() => void (unmount = mount(element, given)))
  await heading(t.dashboard.title)
  await waitFor(() => expect(server.dashboards()).toBeGreaterThan(0))
  for (const { url, headers } of server.requests) {
    expect(url).toMatch(/^https:\/\/bricks\.example\/api\//)
    expect(headers.get('Authorization')).toBe('Bearer abc')
  }
  expect(makeSocket).toHaveBeenCalledWith(expect.objectContaining({ serverUrl: 'https://bricks.example', failuresUntilDegraded: 10 }))
  act(() => unmount())
  expect(element.childNodes).toHaveLength(0)
  expect(socket.disconnect).toHaveBeenCalled()
  element.remove()
})
