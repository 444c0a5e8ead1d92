import { count, id, time, z } from './schema.ts'

export const buildStatuses = ['ADDED', 'IN_PROGRESS', 'BUILT'] as const
export const BuildStatus = z.enum(buildStatuses)
export type BuildStatus = z.infer<typeof BuildStatus>

export const partsCoverageStatuses = ['FULL_INVENTORY', 'PARTIAL_ORDERED', 'NONE'] as const
/** `FULL_INVENTORY`: all parts owned; `NONE`: none owned or ordered; else `PARTIAL_ORDERED`. */
export const PartsCoverageStatus = z.enum(partsCoverageStatuses)
export type PartsCoverageStatus = z.infer<typeof PartsCoverageStatus>

export const DashboardSummary = z.object({
  totalMocs: count,
  totalWishlistItems: count,
  mocsByBuildStatus: z.object({ ADDED: count, IN_PROGRESS: count, BUILT: count }),
  mocsByCoverageStatus: z.object({ FULL_INVENTORY: count, PARTIAL_ORDERED: count, NONE: count }),
})
export type DashboardSummary = z.infer<typeof DashboardSummary>

/** `setCount` counts the quantity of each set. */
export const ThemeStats = z.object({ theme: z.string(), mocCount: count, setCount: count })
export type ThemeStats = z.infer<typeof ThemeStats>

export const RecentMoc = z.object({
  id,
  title: z.string(),
  theme: z.string(),
  buildStatus: BuildStatus,
  coverImageUrl: z.nullable(z.string()),
  createdAt: time,
})
export type RecentMoc = z.infer<typeof RecentMoc>

/** `coveragePercentage` is whole and floored: 100 when everything is covered, though not all is owned. */
export const PartialPartsMoc = z.object({
  id,
  title: z.string(),
  theme: z.string(),
  buildStatus: BuildStatus,
  coveragePercentage: z.int().check(z.gte(0), z.lte(100)),
  lastUpdatedAt: time,
})
export type PartialPartsMoc = z.infer<typeof PartialPartsMoc>

/**
 * Everything that a dashboard shows, at one revision. Themes by name; recent MOCs, ten at most, by `createdAt`, then
 * `id`, descending; partial parts by `lastUpdatedAt`, then `id`, descending.
 */
export const DashboardView = z.object({
  summary: DashboardSummary,
  themeBreakdown: z.array(ThemeStats),
  recentMocs: z.array(RecentMoc),
  partialPartsMocs: z.array(PartialPartsMoc),
})
export type DashboardView = z.infer<typeof DashboardView>
