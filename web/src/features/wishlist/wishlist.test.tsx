import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { fakeServer, problem } from '../../../test/fakes.ts'
import { renderPage } from '../../../test/render.tsx'
import { idOf } from '../../../test/samples.ts'
import { t } from '@/lib/strings'
import type { Wish } from './wishlist-api'
import WishlistPage from './wishlist-page'

const time = '2025-11-16T18:30:05.000Z'
const explorer: Wish = { id: idOf(1), kind: 'SET', title: 'Galaxy Explorer', reference: '10497-1', theme: null, version: 2, createdAt: time, updatedAt: time }
const listed = (...items: Wish[]) => ({ body: { items, nextCursor: null } })

beforeEach(() => {
  HTMLDialogElement.prototype.showModal = function () {
    this.open = true
  }
})
afterEach(() => vi.unstubAllGlobals())

function setup(...wishes: Wish[]) {
  const server = fakeServer({ 'GET /api/wishlist': listed(...wishes) })
  const sent = (method: string) => server.requests.filter((request) => request.method === method)
  return { ...renderPage(<WishlistPage />, '/wishlist'), server, sent }
}

it('shows what is wished for', async () => {
  setup(explorer, { ...explorer, id: idOf(2), kind: 'MOC', title: 'Barn', reference: null, theme: 'Farm' })
  await screen.findByText('Barn')
  const rows = screen.getAllByRole('row').slice(1)
  const words = rows.map((row) => within(row).getAllByRole('cell').slice(0, 3).map((cell) => cell.textContent))
  expect(words).toEqual([[t.wishlist.kinds.SET, '', '10497-1'], [t.wishlist.kinds.MOC, 'Farm', '']])
})

it('adds a wish, and leaves out what was not typed', async () => {
  const { server, sent } = setup()
  await screen.findByText(t.wishlist.empty)
  server.answers['POST /api/wishlist'] = { status: 201, body: explorer }
  server.answers['GET /api/wishlist'] = listed(explorer)
  await userEvent.selectOptions(screen.getByLabelText(t.wishlist.kind), 'SET')
  await userEvent.type(screen.getByLabelText(t.wishlist.name), 'Galaxy Explorer ')
  await userEvent.type(screen.getByLabelText(t.wishlist.theme), ' ')
  await userEvent.type(screen.getByLabelText(t.wishlist.reference), '10497-1')
  await userEvent.click(screen.getByRole('button', { name: t.wishlist.submit }))
  await screen.findByRole('rowheader', { name: 'Galaxy Explorer' })
  expect(await sent('POST')[0]?.json()).toEqual({ kind: 'SET', title: 'Galaxy Explorer', reference: '10497-1' })
  expect(sent('POST')[0]?.headers.get('Idempotency-Key')).toMatch(/^[0-9a-f]{32}$/)
})

it('says at its field what is wrong', async () => {
  const { server } = setup()
  server.answers['POST /api/wishlist'] = problem(400, 'VALIDATION_FAILED', { errors: [{ field: 'title', message: 'must not be empty' }] })
  await userEvent.click(screen.getByRole('button', { name: t.wishlist.submit }))
  await screen.findByText('must not be empty')
  expect(document.activeElement).toBe(screen.getByLabelText(t.wishlist.name))
})

it('deletes a wish after a confirmation only, at the version that is shown', async () => {
  const { server, sent } = setup(explorer)
  const remove = await screen.findByRole('button', { name: t.wishlist.remove(explorer.title) })
  await userEvent.click(remove)
  await userEvent.click(screen.getByRole('button', { name: t.moc.cancel }))
  expect(sent('DELETE')).toHaveLength(0)
  server.answers[`DELETE /api/wishlist/${explorer.id}`] = { status: 204 }
  server.answers['GET /api/wishlist'] = listed()
  await userEvent.click(remove)
  await userEvent.click(within(screen.getByRole('dialog')).getByRole('button', { name: t.moc.remove }))
  await screen.findByText(t.wishlist.empty)
  expect(sent('DELETE')[0]?.headers.get('If-Match')).toBe('"2"')
})

it('says why a wish was not deleted', async () => {
  const { server, store } = setup(explorer)
  server.answers[`DELETE /api/wishlist/${explorer.id}`] = problem(503, 'UNAVAILABLE')
  await userEvent.click(await screen.findByRole('button', { name: t.wishlist.remove(explorer.title) }))
  await userEvent.click(within(screen.getByRole('dialog')).getByRole('button', { name: t.moc.remove }))
  await waitFor(() => expect(store.getState().toasts[0]).toMatchObject({ kind: 'error', text: 'it is UNAVAILABLE' }))
  expect(screen.getByRole('rowheader', { name: explorer.title })).toBeTruthy()
})
