import { act, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { FakeSocket, fakeServer } from '../../test/fakes.ts'
import { renderPage } from '../../test/render.tsx'
import { SessionChanges } from '@/features/session/session-changes'
import type { Environment } from '@/lib/environment'
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
    const places = [
      [t.nav.mocs, t.mocs.title],
      [t.nav.sets, t.sets.title],
      [t.nav.wishlist, t.wishlist.title],
      [t.nav.dashboard, t.dashboard.title],
    ] as const
    for (const [place, title] of places) {
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
  const { element, socket, makeSocket, unmount } = embed({ token: () => 'abc' })
  await heading(t.dashboard.title)
  await waitFor(() => expect(server.dashboards()).toBeGreaterThan(0))
  for (const { url, headers } of server.requests) {
    expect(url).toMatch(/^https:\/\/bricks\.example\/api\//)
    expect(headers.get('Authorization')).toBe('Bearer abc')
  }
  expect(makeSocket).toHaveBeenCalledWith(expect.objectContaining({ serverUrl: 'https://bricks.example' }))
  act(() => unmount())
  expect(element.childNodes).toHaveLength(0)
  expect(socket.disconnect).toHaveBeenCalled()
})

it.each([
  [4, 5],
  [7, 7],
  [11, 10],
])('embedded elsewhere and told to wait for %d failures, the page waits for %d', async (failuresUntilDegraded, settled) => {
  fakeServer({ '/api/dashboard': {}, '/api/session': session })
  const { makeSocket, unmount } = embed({ failuresUntilDegraded })
  await heading(t.dashboard.title)
  await waitFor(() => expect(makeSocket).toHaveBeenCalledWith(expect.objectContaining({ failuresUntilDegraded: settled })))
  act(() => unmount())
})

/** Mounts the page as another site does, which gives it a place, and what else there is to give. */
function embed(given: Partial<Environment>) {
  window.history.replaceState(null, '', '/dashboard')
  const element = document.body.appendChild(document.createElement('div'))
  onTestFinished(() => element.remove())
  const socket = new FakeSocket()
  const makeSocket = vi.fn(() => socket)
  let unmount = () => undefined as void
  act(() => void (unmount = mount(element, { serverUrl: 'https://bricks.example', makeSocket, ...given })))
  return { element, socket, makeSocket, unmount }
}
