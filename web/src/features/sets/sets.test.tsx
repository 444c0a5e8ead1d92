import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { fakeServer, problem, type Answer } from '../../../test/fakes.ts'
import { renderPage } from '../../../test/render.tsx'
import { idOf } from '../../../test/samples.ts'
import { t } from '@/lib/strings'
import type { LegoSet } from './sets-api'
import SetsPage from './sets-page'

const time = '2025-11-16T18:30:05.000Z'
const castle: LegoSet = { id: idOf(1), setNumber: '10305-1', name: 'Lion Knights', theme: 'Castle', quantity: 1, version: 3, createdAt: time, updatedAt: time }
const listed = (items: LegoSet[], nextCursor: string | null = null) => ({ body: { items, nextCursor } })

beforeEach(() => {
  HTMLDialogElement.prototype.showModal = function () {
    this.open = true
  }
})
afterEach(() => vi.unstubAllGlobals())

function setup(first = listed([castle])) {
  const server = fakeServer({ 'GET /api/sets': first })
  const sent = (method: string) => server.requests.filter((request) => request.method === method)
  return { ...renderPage(<SetsPage />, '/sets'), server, sent }
}
const cells = () => screen.getAllByRole('row').slice(1).map((row) => within(row).getByRole('rowheader').textContent)

it('lists sets, a page at a time', async () => {
  const { server, sent } = setup(listed([castle], 'next'))
  await screen.findByText('10305-1')
  server.answers['GET /api/sets'] = listed([{ ...castle, id: idOf(2), name: 'Galaxy Explorer' }])
  await userEvent.click(screen.getByRole('button', { name: t.mocs.more }))
  await waitFor(() => expect(cells()).toEqual(['Lion Knights', 'Galaxy Explorer']))
  expect(new URL(sent('GET')[1]!.url).searchParams.get('cursor')).toBe('next')
  expect(screen.queryByRole('button', { name: t.mocs.more })).toBeNull()
})

it('adds what was typed, once, shows it, and is ready for the next', async () => {
  const { server, sent } = setup(listed([]))
  await screen.findByText(t.sets.empty)
  server.answers['POST /api/sets'] = { status: 201, body: castle }
  server.answers['GET /api/sets'] = listed([castle])
  await userEvent.type(screen.getByLabelText(t.sets.number), ' 10305-1 ')
  await userEvent.type(screen.getByLabelText(t.sets.name), 'Lion Knights')
  await userEvent.type(screen.getByLabelText(t.sets.theme), 'Castle')
  await userEvent.clear(screen.getByLabelText(t.sets.quantity))
  await userEvent.type(screen.getByLabelText(t.sets.quantity), '12')
  await userEvent.click(screen.getByRole('button', { name: t.sets.submit }))
  await screen.findByRole('rowheader', { name: 'Lion Knights' })
  expect(await sent('POST')[0]?.json()).toEqual({ setNumber: '10305-1', name: 'Lion Knights', theme: 'Castle', quantity: 12 })
  expect(sent('POST')[0]?.headers.get('Idempotency-Key')).toMatch(/^[0-9a-f]{32}$/)
  expect(screen.getByLabelText(t.sets.name)).toHaveProperty('value', '')
  expect(document.activeElement).toBe(screen.getByLabelText(t.sets.number))
})

it('adds a set once, also when the first answer did not arrive', async () => {
  const { server, sent } = setup(listed([]))
  server.answers['POST /api/sets'] = { status: 0 }
  await userEvent.type(screen.getByLabelText(t.sets.name), 'Lion Knights')
  await userEvent.click(screen.getByRole('button', { name: t.sets.submit }))
  await screen.findByText(t.errors.unreachable)
  expect(document.activeElement).toBe(screen.getByRole('button', { name: t.sets.submit }))
  server.answers['POST /api/sets'] = { status: 201, body: castle }
  await userEvent.click(screen.getByRole('button', { name: t.sets.submit }))
  await waitFor(() => expect(screen.getByLabelText(t.sets.name)).toHaveProperty('value', ''))
  const [first, second] = sent('POST').map((request) => request.headers.get('Idempotency-Key'))
  expect(second).toBe(first)
})

it('says at its field what is wrong, and keeps what was typed', async () => {
  const { server } = setup()
  server.answers['POST /api/sets'] = problem(400, 'VALIDATION_FAILED', { errors: [{ field: 'setNumber', message: 'must not be empty' }] })
  await userEvent.type(screen.getByLabelText(t.sets.name), 'Lion Knights')
  await userEvent.click(screen.getByRole('button', { name: t.sets.submit }))
  await screen.findByText('must not be empty')
  expect(document.activeElement).toBe(screen.getByLabelText(t.sets.number))
  expect(screen.getByLabelText(t.sets.name)).toHaveProperty('value', 'Lion Knights')
})

it('counts one more at the version that is shown, and never fewer than one', async () => {
  const { server, sent } = setup()
  const path = `/api/sets/${castle.id}`
  const fewer = await screen.findByRole('button', { name: t.sets.fewer(castle.name) })
  expect(fewer.getAttribute('aria-disabled')).toBe('true')
  await userEvent.click(fewer)
  server.answers[`PATCH ${path}`] = { body: { ...castle, quantity: 2, version: 4 } }
  server.answers['GET /api/sets'] = listed([{ ...castle, quantity: 2, version: 4 }])
  await userEvent.click(screen.getByRole('button', { name: t.sets.another(castle.name) }))
  await waitFor(() => expect(fewer.getAttribute('aria-disabled')).toBe('false'))
  await userEvent.click(fewer)
  await waitFor(() => expect(sent('PATCH')).toHaveLength(2))
  const changes = await Promise.all(sent('PATCH').map(async (request) => [request.headers.get('If-Match'), await request.json()]))
  expect(changes).toEqual([['"3"', { quantity: 2 }], ['"4"', { quantity: 1 }]])
})

it('is changed again, and deleted, at the version that the last change answered', async () => {
  const { server, sent } = setup()
  const path = `/api/sets/${castle.id}`
  const more = await screen.findByRole('button', { name: t.sets.another(castle.name) })
  more.focus()
  for (const quantity of [2, 3]) {
    server.answers[`PATCH ${path}`] = { body: { ...castle, quantity, version: castle.version + quantity - 1 } }
    await userEvent.keyboard('{Enter}')
    await screen.findByText(String(quantity)) // the list says 1 still, whenever it is asked
  }
  server.answers[`DELETE ${path}`] = { status: 204 }
  await userEvent.click(screen.getByRole('button', { name: t.sets.remove(castle.name) }))
  await userEvent.click(within(screen.getByRole('dialog')).getByRole('button', { name: t.moc.remove }))
  await waitFor(() => expect(sent('DELETE')).toHaveLength(1))
  const versions = [...sent('PATCH'), ...sent('DELETE')].map((request) => request.headers.get('If-Match'))
  expect(versions).toEqual(['"3"', '"4"', '"5"'])
})

it('makes one change at a time, and keeps the focus meanwhile', async () => {
  const { server, sent } = setup()
  const path = `/api/sets/${castle.id}`
  let answer = (_answer: Answer) => undefined as void
  server.answers[`PATCH ${path}`] = () => new Promise((resolve) => (answer = resolve))
  const more = await screen.findByRole('button', { name: t.sets.another(castle.name) })
  await userEvent.dblClick(more)
  expect(more).toHaveProperty('disabled', false) // or a browser would take the focus from it
  answer({ body: { ...castle, quantity: 2, version: 4 } })
  await screen.findByText('2')
  expect(sent('PATCH')).toHaveLength(1)
})

it('shows a change also where a page that was asked for before it comes after it', async () => {
  const { server, sent } = setup(listed([castle], 'next'))
  const more = await screen.findByRole('button', { name: t.sets.another(castle.name) })
  let answer = (_answer: Answer) => undefined as void
  server.answers['GET /api/sets'] = () => new Promise((resolve) => (answer = resolve))
  await userEvent.click(screen.getByRole('button', { name: t.mocs.more }))
  const changed = { ...castle, quantity: 2, version: 4 }
  server.answers[`PATCH /api/sets/${castle.id}`] = { body: changed }
  await userEvent.click(more)
  await screen.findByText('2')
  server.answers['GET /api/sets'] = listed([changed])
  answer(listed([{ ...castle, id: idOf(2), name: 'Galaxy Explorer' }]))
  await waitFor(() => expect(sent('GET')).toHaveLength(3))
  await screen.findByText('2')
})

it('says that a set was changed elsewhere, and shows it as it is now', async () => {
  const { server, store } = setup()
  const more = await screen.findByRole('button', { name: t.sets.another(castle.name) })
  server.answers[`PATCH /api/sets/${castle.id}`] = problem(412, 'PRECONDITION_FAILED')
  server.answers['GET /api/sets'] = listed([{ ...castle, quantity: 7, version: 4 }])
  await userEvent.click(more)
  await screen.findByText('7')
  await waitFor(() => expect(store.getState().toasts[0]).toMatchObject({ kind: 'error', text: t.moc.changedElsewhere }))
})

it('deletes after a confirmation only', async () => {
  const { server, sent } = setup()
  const remove = await screen.findByRole('button', { name: t.sets.remove(castle.name) })
  await userEvent.click(remove)
  await userEvent.click(screen.getByRole('button', { name: t.moc.cancel }))
  expect(sent('DELETE')).toHaveLength(0)
  server.answers[`DELETE /api/sets/${castle.id}`] = { status: 204 }
  server.answers['GET /api/sets'] = listed([])
  await userEvent.click(remove)
  await userEvent.click(within(screen.getByRole('dialog')).getByRole('button', { name: t.moc.remove }))
  await screen.findByText(t.sets.empty)
  expect(sent('DELETE')[0]?.headers.get('If-Match')).toBe('"3"')
})

it('says why there is no list, and tries again', async () => {
  const server = fakeServer({ 'GET /api/sets': { status: 0 } })
  renderPage(<SetsPage />, '/sets')
  await screen.findByText(t.errors.unreachable)
  server.answers['GET /api/sets'] = listed([castle])
  await userEvent.click(screen.getByRole('button', { name: t.errors.retry }))
  await screen.findByRole('rowheader', { name: 'Lion Knights' })
})
