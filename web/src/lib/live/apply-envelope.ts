import type { DashboardEvent, DashboardView, PartialPartsMoc, RecentMoc } from '@brickboard/dashboard-types'
import type { DashboardState, Section } from './dashboard-state'

/** What became of an envelope: `old` was dropped, `fetch` wants a snapshot, and both leave the state as it was. */
export type Applied = { outcome: 'applied' | 'old' | 'fetch' | 'none'; state: DashboardState }

const shownRecent = 10

/** The client's rule for one envelope. Pure: the given state is not changed. */
export function applyEnvelope(state: DashboardState, event: DashboardEvent): Applied {
  switch (event.type) {
    case 'dashboard:error':
      return { outcome: 'none', state }
    case 'dashboard:resync':
      return { outcome: 'fetch', state }
    case 'dashboard:summaryUpdated':
      return put(state, event, 'summary', { summary: event.payload })
    case 'dashboard:themeBreakdownUpdated':
      return put(state, event, 'themes', { themeBreakdown: event.payload })
    case 'dashboard:recentMocsUpdated':
      return put(state, event, 'recent', { recentMocs: event.payload })
    case 'dashboard:partialPartsUpdated':
      return put(state, event, 'partialParts', { partialPartsMocs: event.payload })
    case 'dashboard:recentMocAdded':
      return put(state, event, 'recent', { recentMocs: withRecent(state.view.recentMocs, event.payload) })
    case 'dashboard:partialPartsChanged':
      return put(state, event, 'partialParts', { partialPartsMocs: withRows(state.view.partialPartsMocs, event.payload) })
  }
}

type Told = { epoch: string; revision: number; previous?: number }

function put(state: DashboardState, told: Told, section: Section, change: Partial<DashboardView>): Applied {
  const held = state.revisions[section]
  if (told.epoch !== state.epoch) return { outcome: 'fetch', state }
  if (told.revision <= held) return { outcome: 'old', state }
  if (told.previous !== undefined && told.previous > held) return { outcome: 'fetch', state }
  return {
    outcome: 'applied',
    state: {
      epoch: state.epoch,
      view: { ...state.view, ...change },
      revisions: { ...state.revisions, [section]: told.revision },
    },
  }
}

function withRecent(mocs: RecentMoc[], added: RecentMoc): RecentMoc[] {
  return [...mocs.filter((moc) => moc.id !== added.id), added]
    .sort((a, b) => descending(a.createdAt, b.createdAt) || descending(a.id, b.id))
    .slice(0, shownRecent)
}

type RowChanges = { upserted: PartialPartsMoc[]; removed: string[] }

function withRows(rows: PartialPartsMoc[], { upserted, removed }: RowChanges): PartialPartsMoc[] {
  const touched = new Set([...removed, ...upserted.map((row) => row.id)])
  return [...rows.filter((row) => !touched.has(row.id)), ...upserted].sort(
    (a, b) => descending(a.lastUpdatedAt, b.lastUpdatedAt) || descending(a.id, b.id),
  )
}

/** The wire's times and ids are of one form each: the order of their strings is theirs. */
function descending(a: string, b: string): number {
  return a < b ? 1 : a > b ? -1 : 0
}
