import { screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Link, Route } from 'wouter'
import { fakeServer, problem, type Answer } from '../../../test/fakes.ts'
import { renderPage } from '../../../test/render.tsx'
import { idOf, view } from '../../../test/samples.ts'
import { t } from '@/lib/strings'
import GalleryPage from './gallery-page'
import MocPage from './moc-page'
import { mocsApi, type Moc } from './mocs-api'
import NewMocPage from './new-moc-page'

const moc: Moc = {
  id: idOf(1),
  title: 'Barn',
  theme: 'Farm',
  buildStatus: 'ADDED',
  coverImageUrl: null,
  parts: { total: 10, owned: 5, ordered: 2 },
  coverageStatus: 'PARTIAL_ORDERED',
  coveragePercentage: 70,
  version: 3,
  createdAt: '2025-11-16T18:30:05.000Z',
  updatedAt: '2025-11-16T18:30:05.000Z',
}

beforeEach(() => {
  HTMLDialogElement.prototype.showModal = function () {
    this.open = true
  }
})
afterEach(() => vi.unstubAllGlobals())

describe('adding a MOC', () => {
  it('sends what was typed, once, and goes to it', async () => {
    const server = fakeServer({ 'POST /api/mocs': { status: 201, body: moc } })
    const { history } = renderPage(<NewMocPage />, '/mocs/new')
    await userEvent.type(screen.getByLabelText(t.moc.title), 'Barn')
    await userEvent.type(screen.getByLabelText(t.moc.theme), 'Farm')
    await userEvent.click(screen.getByRole('button', { name: t.moc.add }))
    await waitFor(() => expect(history?.at(-1)).toBe(`/mocs/${moc.id}`))
    expect(await server.requests[0]?.json()).toEqual({ title: 'Barn', theme: 'Farm', buildStatus: 'ADDED', coverImageUrl: null, parts: { total: 0, owned: 0, ordered: 0 } })
    expect(server.requests[0]?.headers.get('Idempotency-Key')).toMatch(/^[0-9a-f]{32}$/)
  })

  it('says at each field what the server has against it', async () => {
    const errors = [
      { field: 'title', message: 'must not be empty' },
      { field: 'parts.owned', message: 'must be a whole number' },
    ]
    fakeServer({ 'POST /api/mocs': problem(400, 'VALIDATION_FAILED', { errors }) })
    renderPage(<NewMocPage />, '/mocs/new')
    await userEvent.click(screen.getByRole('button', { name: t.moc.add }))
    await screen.findByText('must not be empty')
    expect(screen.getByRole('alert').textContent).toBe('2 fields need a look')
    const title = screen.getByLabelText(t.moc.title)
    expect(title.getAttribute('aria-invalid')).toBe('true')
    expect(document.getElementById(title.getAttribute('aria-describedby') ?? '')?.textContent).toBe('must not be empty')
    expect(document.activeElement).toBe(title)
    expect(screen.getByLabelText(t.moc.owned).getAttribute('aria-invalid')).toBe('true')
  })
})

describe('a MOC', () => {
  const path = `/api/mocs/${moc.id}`

  it('is changed at the version that is shown', async () => {
    const server = fakeServer({ [`GET ${path}`]: { body: moc }, [`PUT ${path}/parts`]: { body: { ...moc, version: 4 } } })
    const { store } = renderPage(<MocPage id={moc.id} />)
    const owned = await screen.findByLabelText(t.moc.owned)
    await userEvent.clear(owned)
    await userEvent.type(owned, '8')
    await userEvent.click(screen.getByRole('button', { name: t.moc.saveParts }))
    await waitFor(() => expect(store.getState().toasts[0]?.text).toBe(t.moc.saved))
    const put = server.requests.find((request) => request.method === 'PUT')
    expect(put?.headers.get('If-Match')).toBe('"3"')
    expect(await put?.json()).toEqual({ total: 10, owned: 8, ordered: 2 })
  })

  it('keeps what is typed in one form, and the focus, when the other is saved; each is saved at the newest version', async () => {
    const server = fakeServer({ [`GET ${path}`]: { body: moc } })
    renderPage(<MocPage id={moc.id} />)
    const owned = await screen.findByLabelText(t.moc.owned)
    const title = screen.getByLabelText(t.moc.title)
    await userEvent.type(title, ' of stone')
    server.answers[`PUT ${path}/parts`] = { body: { ...moc, parts: { ...moc.parts, owned: 8 }, coveragePercentage: 100, version: 4 } }
    server.answers[`PATCH ${path}`] = { body: { ...moc, title: 'Barn of stone', version: 5 } }
    await userEvent.clear(owned)
    await userEvent.type(owned, '8{Enter}')
    await screen.findByText('100%')
    expect(owned).toHaveProperty('value', '8')
    expect(document.activeElement).toBe(owned)
    expect(title).toHaveProperty('value', 'Barn of stone')
    await userEvent.click(screen.getByRole('button', { name: t.moc.save }))
    await screen.findByRole('heading', { name: 'Barn of stone' })
    expect(document.activeElement).toBe(screen.getByRole('button', { name: t.moc.save }))
    const patch = server.requests.find((request) => request.method === 'PATCH')
    expect(patch?.headers.get('If-Match')).toBe('"4"')
  })

  it('that was changed elsewhere is shown as it is now', async () => {
    const server = fakeServer({ [`GET ${path}`]: { body: moc }, [`PATCH ${path}`]: problem(412, 'PRECONDITION_FAILED') })
    const { store } = renderPage(<MocPage id={moc.id} />)
    await screen.findByLabelText(t.moc.title)
    server.answers[`GET ${path}`] = { body: { ...moc, title: 'Stable', version: 4 } }
    await userEvent.click(screen.getByRole('button', { name: t.moc.save }))
    await screen.findByRole('heading', { name: 'Stable' })
    expect(screen.getByLabelText(t.moc.title)).toHaveProperty('value', 'Stable')
    expect(store.getState().toasts[0]?.text).toBe(t.moc.changedElsewhere)
  })

  it('that was changed elsewhere keeps what was typed where nothing changed', async () => {
    const server = fakeServer({ [`GET ${path}`]: { body: moc }, [`PATCH ${path}`]: problem(412, 'PRECONDITION_FAILED') })
    renderPage(<MocPage id={moc.id} />)
    const title = await screen.findByLabelText(t.moc.title)
    await userEvent.type(title, ' of stone')
    server.answers[`GET ${path}`] = { body: { ...moc, theme: 'Castle', version: 4 } }
    await userEvent.click(screen.getByRole('button', { name: t.moc.save }))
    await waitFor(() => expect(screen.getByLabelText(t.moc.theme)).toHaveProperty('value', 'Castle'))
    expect(title).toHaveProperty('value', 'Barn of stone')
    server.answers[`PATCH ${path}`] = { body: { ...moc, title: 'Barn of stone', theme: 'Castle', version: 5 } }
    await userEvent.click(screen.getByRole('button', { name: t.moc.save }))
    await screen.findByRole('heading', { name: 'Barn of stone' })
    const patch = server.requests.filter((request) => request.method === 'PATCH').at(-1)
    expect(patch?.headers.get('If-Match')).toBe('"4"')
    expect(await patch?.json()).toMatchObject({ title: 'Barn of stone', theme: 'Castle' })
  })

  it('keeps what is typed while a save is under way', async () => {
    let answer = (_answer: Answer) => undefined as void
    fakeServer({ [`GET ${path}`]: { body: moc }, [`PATCH ${path}`]: () => new Promise((resolve) => (answer = resolve)) })
    renderPage(<MocPage id={moc.id} />)
    await userEvent.type(await screen.findByLabelText(t.moc.title), ' of stone{Enter}')
    await userEvent.type(screen.getByLabelText(t.moc.theme), 'house')
    answer({ body: { ...moc, title: 'Barn of stone', version: 4 } })
    await screen.findByRole('heading', { name: 'Barn of stone' })
    expect(screen.getByLabelText(t.moc.theme)).toHaveProperty('value', 'Farmhouse')
  })

  it('shows its change also where it was being read meanwhile', async () => {
    const server = fakeServer({ [`GET ${path}`]: { body: moc } })
    const { store } = renderPage(<MocPage id={moc.id} />)
    const title = await screen.findByLabelText(t.moc.title)
    let answer = (_answer: Answer) => undefined as void
    server.answers[`GET ${path}`] = () => new Promise((resolve) => (answer = resolve))
    const reading = store.dispatch(mocsApi.endpoints.getMoc.initiate(moc.id, { subscribe: false, forceRefetch: true }))
    const changed = { ...moc, title: 'Barn of stone', version: 4 }
    server.answers[`PATCH ${path}`] = { body: changed }
    await userEvent.type(title, ' of stone{Enter}')
    await screen.findByRole('heading', { name: 'Barn of stone' })
    server.answers[`GET ${path}`] = { body: changed }
    answer({ body: moc })
    await reading
    await waitFor(() => expect(server.requests.filter((request) => request.method === 'GET')).toHaveLength(3))
    await screen.findByRole('heading', { name: 'Barn of stone' })
  })

  it('is deleted after a confirmation only', async () => {
    const server = fakeServer({ [`GET ${path}`]: { body: moc }, [`DELETE ${path}`]: { status: 204 } })
    const { history } = renderPage(<MocPage id={moc.id} />)
    const sent = () => server.requests.filter((request) => request.method === 'DELETE')
    await userEvent.click(await screen.findByRole('button', { name: t.moc.remove }))
    await userEvent.click(screen.getByRole('button', { name: t.moc.cancel }))
    expect(sent()).toHaveLength(0)
    await userEvent.click(screen.getByRole('button', { name: t.moc.remove }))
    await userEvent.click(screen.getAllByRole('button', { name: t.moc.remove }).at(-1)!)
    await waitFor(() => expect(history?.at(-1)).toBe('/mocs'))
    expect(sent()[0]?.headers.get('If-Match')).toBe('"3"')
  })

  it('that is gone says so', async () => {
    fakeServer({ [path]: problem(404, 'NOT_FOUND') })
    renderPage(<MocPage id={moc.id} />)
    await screen.findByText(t.moc.missing)
  })
})

describe('the gallery', () => {
  const asked = (server: ReturnType<typeof fakeServer>) =>
    server.requests.filter((request) => request.url.includes('/api/mocs')).map((request) => new URL(request.url).search)

  it('asks for what is filtered, and for the next page', async () => {
    const server = fakeServer({ '/api/dashboard': {}, '/api/mocs': { body: { items: [moc], nextCursor: 'next' } } })
    renderPage(<GalleryPage />, '/mocs?theme=Castle')
    await screen.findByRole('link', { name: /Barn/ })
    server.answers['/api/mocs'] = { body: { items: [{ ...moc, id: idOf(2), title: 'Mill' }], nextCursor: null } }
    await userEvent.click(screen.getByRole('button', { name: t.mocs.more }))
    await screen.findByRole('link', { name: /Mill/ })
    expect(asked(server)).toEqual(['?theme=Castle&limit=48', '?theme=Castle&limit=48&cursor=next'])
  })

  it('is filtered by each choice, until the filters are cleared', async () => {
    const server = fakeServer({ '/api/dashboard': {}, '/api/mocs': { body: { items: [moc], nextCursor: null } } })
    renderPage(<GalleryPage />, '/mocs')
    await screen.findByRole('option', { name: 'Castle' })
    await userEvent.selectOptions(screen.getByLabelText(t.mocs.theme), 'Castle')
    await userEvent.selectOptions(screen.getByLabelText(t.mocs.build), t.build.IN_PROGRESS)
    await userEvent.selectOptions(screen.getByLabelText(t.mocs.coverage), t.coverage.PARTIAL_ORDERED)
    const all = '?theme=Castle&buildStatus=IN_PROGRESS&coverageStatus=PARTIAL_ORDERED&limit=48'
    await waitFor(() => expect(asked(server).at(-1)).toBe(all))
    await userEvent.click(screen.getByRole('button', { name: t.mocs.clear }))
    await waitFor(() => expect(asked(server).at(-1)).toBe('?limit=48'))
  })

  it('does not show what was filtered before when the filtered cannot be fetched', async () => {
    const server = fakeServer({ '/api/dashboard': {}, '/api/mocs': { body: { items: [moc], nextCursor: null } } })
    renderPage(<GalleryPage />, '/mocs')
    await screen.findByRole('link', { name: /Barn/ })
    server.answers['/api/mocs'] = problem(503, 'UNAVAILABLE')
    await userEvent.selectOptions(screen.getByLabelText(t.mocs.build), t.build.BUILT)
    await screen.findByText('it is UNAVAILABLE')
    expect(screen.queryByRole('link', { name: /Barn/ })).toBeNull()
  })

  it('says that there is no next page to be had, below what it has, and tries that again', async () => {
    const server = fakeServer({ '/api/dashboard': {}, '/api/mocs': { body: { items: [moc], nextCursor: 'next' } } })
    renderPage(<GalleryPage />, '/mocs')
    const more = await screen.findByRole('button', { name: t.mocs.more })
    server.answers['/api/mocs'] = problem(503, 'UNAVAILABLE')
    await userEvent.click(more)
    await screen.findByText('it is UNAVAILABLE')
    expect(screen.getByRole('link', { name: /Barn/ })).toBeTruthy()
    server.answers['/api/mocs'] = { body: { items: [{ ...moc, id: idOf(2), title: 'Mill' }], nextCursor: null } }
    expect(document.activeElement).toBe(screen.getByRole('button', { name: t.errors.retry }))
    await userEvent.keyboard('{Enter}')
    await screen.findByRole('link', { name: /Mill/ })
    expect(document.activeElement?.className).toBe('list-end')
    expect(server.requests.at(-1)?.url).toContain('cursor=next')
    expect(screen.getByRole('link', { name: /Barn/ })).toBeTruthy()
  })

  it('offers the themes that there are by now', async () => {
    const server = fakeServer({ '/api/dashboard': {}, '/api/mocs': { body: { items: [moc], nextCursor: null } } })
    renderPage(<><Link href="/sets">away</Link><Link href="/mocs">back</Link><Route path="/mocs" component={GalleryPage} /></>, '/mocs')
    await screen.findByRole('option', { name: 'Castle' })
    await userEvent.click(screen.getByRole('link', { name: 'away' }))
    server.answers['/api/dashboard'] = { revision: 2, body: view({ themeBreakdown: [{ theme: 'Farm', mocCount: 1, setCount: 0 }] }) }
    await userEvent.click(screen.getByRole('link', { name: 'back' }))
    await screen.findByRole('option', { name: 'Farm' })
  })

  it('is empty in two ways', async () => {
    const server = fakeServer({ '/api/dashboard': {}, '/api/mocs': { body: { items: [], nextCursor: null } } })
    renderPage(<GalleryPage />, '/mocs')
    await screen.findByText(t.mocs.empty)
    await userEvent.type(screen.getByRole('searchbox'), 'x')
    await screen.findByText(t.mocs.noMatch)
    expect(server.requests.at(-1)?.url).toContain('q=x')
  })
})
