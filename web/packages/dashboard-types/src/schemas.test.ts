import { describe, expect, it } from 'vitest'
import { envelope, idOf, partial, recent, view } from '../../../test/samples.ts'
import { BuildStatus, DashboardSummary, DashboardView, PartialPartsMoc, PartsCoverageStatus, readEvent, RecentMoc, ThemeStats } from './index.ts'

const accepts = (schema: { safeParse(value: unknown): { success: boolean } }, value: unknown) => schema.safeParse(value).success

describe('schemas', () => {
  it('accept good values', () => {
    expect(accepts(DashboardView, view())).toBe(true)
    expect(accepts(RecentMoc, recent(1, { coverImageUrl: 'https://example.org/a.jpg' }))).toBe(true)
    expect(accepts(PartialPartsMoc, partial(1, { coveragePercentage: 100 }))).toBe(true)
    expect(accepts(BuildStatus, 'BUILT')).toBe(true)
    expect(accepts(PartsCoverageStatus, 'NONE')).toBe(true)
  })

  it.each([
    ['a negative count', DashboardSummary, { ...view().summary, totalMocs: -1 }],
    ['a broken count', ThemeStats, { theme: 'Castle', mocCount: 1.5, setCount: 0 }],
    ['a missing status', DashboardSummary, { ...view().summary, mocsByBuildStatus: { ADDED: 1, BUILT: 0 } }],
    ['an unknown status', BuildStatus, 'STARTED'],
    ['an unknown coverage', PartsCoverageStatus, 'SOME'],
    ['coverage above 100', PartialPartsMoc, { ...partial(1), coveragePercentage: 101 }],
    ['an id in upper case', RecentMoc, { ...recent(1), id: idOf(10).toUpperCase() }],
    ['a time of other precision', RecentMoc, { ...recent(1), createdAt: '2025-11-16T18:30:05Z' }],
    ['a time of another zone', PartialPartsMoc, { ...partial(1), lastUpdatedAt: '2025-11-16T18:30:05.000+01:00' }],
    ['an absent cover', RecentMoc, { ...recent(1), coverImageUrl: undefined }],
    ['a list that is null', DashboardView, { ...view(), recentMocs: null }],
  ])('refuse %s', (_what, schema, value) => expect(accepts(schema, value)).toBe(false))
})

describe('readEvent', () => {
  const good: [string, unknown, object?][] = [
    ['dashboard:summaryUpdated', view().summary],
    ['dashboard:themeBreakdownUpdated', view().themeBreakdown],
    ['dashboard:recentMocAdded', recent(3), { previous: 4 }],
    ['dashboard:recentMocsUpdated', [recent(3)]],
    ['dashboard:partialPartsUpdated', []],
    ['dashboard:partialPartsChanged', { upserted: [partial(1)], removed: [idOf(2)] }, { previous: 0 }],
    ['dashboard:resync', { reason: 'restored' }, { epoch: '', revision: 0 }],
    ['dashboard:error', { code: 'TOKEN_EXPIRED', message: 'the token has expired' }, { epoch: '', revision: 0 }],
  ]

  it.each(good)('reads %s', (type, payload, more) => {
    expect(readEvent(envelope(type, payload, 5, more))).toMatchObject({ kind: 'event', event: { type, payload } })
  })

  it('tells an unknown type from a malformed event', () => {
    expect(readEvent(envelope('dashboard:newThing', {}, 5))).toEqual({ kind: 'unknown', type: 'dashboard:newThing' })
    expect(readEvent(envelope('toString', {}, 5))).toEqual({ kind: 'unknown', type: 'toString' })
  })

  it.each([
    ['nothing', undefined],
    ['text', 'dashboard:summaryUpdated'],
    ['no type', { payload: {} }],
    ['a bad payload', envelope('dashboard:recentMocsUpdated', [{ id: 1 }], 5)],
    ['a difference without previous', envelope('dashboard:recentMocAdded', recent(3), 5)],
    ['a revision as text', { ...envelope('dashboard:partialPartsUpdated', [], 5), revision: '5' }],
    ['no epoch', { ...envelope('dashboard:partialPartsUpdated', [], 5), epoch: undefined }],
  ])('finds %s malformed', (_what, value) => {
    expect(readEvent(value)).toMatchObject({ kind: 'malformed', reason: expect.stringMatching(/./) })
  })
})
