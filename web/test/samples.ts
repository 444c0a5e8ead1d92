import type { DashboardView, PartialPartsMoc, RecentMoc } from '@brickboard/dashboard-types'
import type { DashboardState } from '@/lib/live/dashboard-state'

export const epoch = 'abcdefghijklmnopqrstuv'

const hex = (n: number) => n.toString(16).padStart(12, '0')
export const idOf = (n: number) => `019a8e5c-7b1d-7c3a-9f42-${hex(n)}`
const timeOf = (n: number) => new Date(Date.UTC(2025, 10, 1) + n * 1000).toISOString()

export const recent = (n: number, more: Partial<RecentMoc> = {}): RecentMoc => ({
  id: idOf(n),
  title: `MOC ${n}`,
  theme: 'Castle',
  buildStatus: 'ADDED',
  coverImageUrl: null,
  createdAt: timeOf(n),
  ...more,
})

export const partial = (n: number, more: Partial<PartialPartsMoc> = {}): PartialPartsMoc => ({
  id: idOf(n),
  title: `MOC ${n}`,
  theme: 'Castle',
  buildStatus: 'IN_PROGRESS',
  coveragePercentage: 50,
  lastUpdatedAt: timeOf(n),
  ...more,
})

/** Two MOCs, both recent and partial. */
export const view = (more: Partial<DashboardView> = {}): DashboardView => ({
  summary: {
    totalMocs: 2,
    totalWishlistItems: 1,
    mocsByBuildStatus: { ADDED: 1, IN_PROGRESS: 1, BUILT: 0 },
    mocsByCoverageStatus: { FULL_INVENTORY: 0, PARTIAL_ORDERED: 2, NONE: 0 },
  },
  themeBreakdown: [{ theme: 'Castle', mocCount: 2, setCount: 3 }],
  recentMocs: [recent(2), recent(1)],
  partialPartsMocs: [partial(2), partial(1)],
  ...more,
})

export const emptyView: DashboardView = {
  summary: {
    totalMocs: 0,
    totalWishlistItems: 0,
    mocsByBuildStatus: { ADDED: 0, IN_PROGRESS: 0, BUILT: 0 },
    mocsByCoverageStatus: { FULL_INVENTORY: 0, PARTIAL_ORDERED: 0, NONE: 0 },
  },
  themeBreakdown: [],
  recentMocs: [],
  partialPartsMocs: [],
}

export const state = (revision: number, more: Partial<DashboardView> = {}): DashboardState => ({
  view: view(more),
  epoch,
  revisions: { summary: revision, themes: revision, recent: revision, partialParts: revision },
})

export const etag = (revision: number, of = epoch) => `"${of}.${revision}"`

export const envelope = (type: string, payload: unknown, revision: number, more: object = {}) => ({
  eventId: `0d2b1c1e-0000-5000-8000-${hex(revision)}`,
  type,
  timestamp: '2025-11-16T18:30:05.120Z',
  payload,
  revision,
  epoch,
  ...more,
})
