import { readEvent } from '@brickboard/dashboard-types'
import { describe, expect, it } from 'vitest'
import { envelope, etag, epoch, idOf, partial, recent, state, view } from '../../../test/samples.ts'
import { applyEnvelope } from './apply-envelope'
import { mergeSnapshot, stateOf, type DashboardState } from './dashboard-state'

function take(held: DashboardState, type: string, payload: unknown, revision: number, more: object = {}) {
  const read = readEvent(envelope(type, payload, revision, more))
  if (read.kind !== 'event') throw new Error(JSON.stringify(read))
  return applyEnvelope(held, read.event)
}

describe('applyEnvelope', () => {
  const summary = { ...view().summary, totalMocs: 9 }

  it('puts a newer whole value in, in its section only, and changes nothing given', () => {
    const held = state(5)
    const before = structuredClone(held)
    const { outcome, state: next } = take(held, 'dashboard:summaryUpdated', summary, 7)
    expect(outcome).toBe('applied')
    expect(next.view).toEqual(view({ summary }))
    expect(next.revisions).toEqual({ summary: 7, themes: 5, recent: 5, partialParts: 5 })
    expect(held).toEqual(before)
    expect(next.view.recentMocs).toBe(held.view.recentMocs)
  })

  it.each([
    ['dashboard:themeBreakdownUpdated', [{ theme: 'City', mocCount: 1, setCount: 0 }], 'themeBreakdown'],
    ['dashboard:recentMocsUpdated', [recent(7)], 'recentMocs'],
    ['dashboard:partialPartsUpdated', [], 'partialPartsMocs'],
  ] as const)('takes %s', (type, payload, field) => {
    expect(take(state(5), type, payload, 6).state.view[field]).toEqual(payload)
  })

  it.each([4, 5])('drops revision %i, which is not above the section’s', (revision) => {
    const held = state(5)
    expect(take(held, 'dashboard:summaryUpdated', summary, revision)).toEqual({ outcome: 'old', state: held })
  })

  it('drops a repeated envelope, and one that an other overtook', () => {
    const newer = take(state(5), 'dashboard:summaryUpdated', summary, 8).state
    expect(take(newer, 'dashboard:summaryUpdated', summary, 8).outcome).toBe('old')
    expect(take(newer, 'dashboard:summaryUpdated', view().summary, 7).outcome).toBe('old')
    expect(take(newer, 'dashboard:recentMocsUpdated', [], 7).outcome).toBe('applied')
  })

  it('fetches on another epoch, also when its revision is old', () => {
    const held = state(5)
    expect(take(held, 'dashboard:summaryUpdated', summary, 2, { epoch: 'another' })).toEqual({ outcome: 'fetch', state: held })
  })

  it('puts an added MOC in by id, sorted, and keeps ten', () => {
    const ten = Array.from({ length: 10 }, (_, place) => recent(20 - place))
    const held = state(5, { recentMocs: ten })
    const added = take(held, 'dashboard:recentMocAdded', recent(15, { title: 'Again' }), 6, { previous: 5 }).state.view.recentMocs
    expect(added.map((moc) => moc.id)).toEqual(ten.map((moc) => moc.id))
    expect(added[5]?.title).toBe('Again')
    const newest = take(held, 'dashboard:recentMocAdded', recent(30), 6, { previous: 3 }).state.view.recentMocs
    expect(newest.map((moc) => moc.id)).toEqual([30, 20, 19, 18, 17, 16, 15, 14, 13, 12].map(idOf))
  })

  it('orders what was added at the same time by id', () => {
    const { createdAt } = recent(2)
    const mocs = take(state(5), 'dashboard:recentMocAdded', recent(9, { createdAt }), 6, { previous: 5 }).state.view.recentMocs
    expect(mocs.map((moc) => moc.id)).toEqual([9, 2, 1].map(idOf))
  })

  it('applies changed rows, sorted by their last update', () => {
    const changes = { upserted: [partial(1, { coveragePercentage: 70, lastUpdatedAt: partial(9).lastUpdatedAt }), partial(3)], removed: [idOf(2), idOf(77)] }
    const { outcome, state: next } = take(state(5), 'dashboard:partialPartsChanged', changes, 6, { previous: 5 })
    expect(outcome).toBe('applied')
    expect(next.view.partialPartsMocs.map((row) => [row.id, row.coveragePercentage])).toEqual([
      [idOf(1), 70],
      [idOf(3), 50],
    ])
  })

  it.each([
    ['dashboard:recentMocAdded', recent(3)],
    ['dashboard:partialPartsChanged', { upserted: [], removed: [] }],
  ])('fetches on a gap before %s', (type, payload) => {
    const held = state(5)
    expect(take(held, type, payload, 9, { previous: 6 })).toEqual({ outcome: 'fetch', state: held })
    expect(take(held, type, payload, 9, { previous: 4 }).outcome).toBe('applied')
  })

  it('fetches on a resync, and changes nothing on an error', () => {
    const held = state(5)
    expect(take(held, 'dashboard:resync', { reason: 'restored' }, 0, { epoch: '' })).toEqual({ outcome: 'fetch', state: held })
    expect(take(held, 'dashboard:error', { code: 'X', message: 'y' }, 0, { epoch: '' })).toEqual({ outcome: 'none', state: held })
  })
})

describe('stateOf', () => {
  it('takes epoch and revision from the ETag, weak or strong', () => {
    expect(stateOf(view(), etag(5))).toEqual(state(5))
    expect(stateOf(view(), `W/${etag(5)}`)).toEqual(state(5))
  })

  it.each([null, undefined, '', '"5"', 'abc.5', '"abc.x"', '"abc.5.6"'])('refuses the ETag %s', (tag) => {
    expect(stateOf(view(), tag)).toBeUndefined()
  })
})

describe('mergeSnapshot', () => {
  it('takes each section from where its revision is higher', () => {
    const held = take(state(5), 'dashboard:summaryUpdated', { ...view().summary, totalMocs: 9 }, 8).state
    const merged = mergeSnapshot(held, state(6, { recentMocs: [recent(4)] }))
    expect(merged.view.summary.totalMocs).toBe(9)
    expect(merged.view.recentMocs).toEqual([recent(4)])
    expect(merged.revisions).toEqual({ summary: 8, themes: 6, recent: 6, partialParts: 6 })
  })

  it('changes nothing for an older snapshot', () => {
    expect(mergeSnapshot(state(5), state(4, { recentMocs: [] }))).toEqual(state(5))
  })

  it('keeps the objects of what is equal', () => {
    const held = state(5)
    const merged = mergeSnapshot(held, state(6, { recentMocs: [recent(2), recent(1, { title: 'New' })] }))
    expect(merged.view.summary).toBe(held.view.summary)
    expect(merged.view.recentMocs[0]).toBe(held.view.recentMocs[0])
  })

  it('is replaced as a whole by a snapshot of another epoch, and by the first', () => {
    const other = { ...state(1), epoch: 'other' }
    expect(mergeSnapshot(state(5), other)).toBe(other)
    expect(mergeSnapshot(undefined, other)).toBe(other)
    expect(epoch).not.toBe('other')
  })
})
