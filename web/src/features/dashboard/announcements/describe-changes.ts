import type { DashboardView } from '@brickboard/dashboard-types'
import { t } from '@/lib/strings'

/** One sentence on what differs between two views; '' where nothing does. */
export function describeChanges(before: DashboardView, after: DashboardView): string {
  const parts: string[] = []
  if (before.summary.totalMocs !== after.summary.totalMocs) parts.push(t.announce.total(after.summary.totalMocs))
  if (before.summary.totalWishlistItems !== after.summary.totalWishlistItems) {
    parts.push(t.announce.wishes(after.summary.totalWishlistItems))
  }
  const newest = after.recentMocs[0]
  if (newest && newest.id !== before.recentMocs[0]?.id) parts.push(t.announce.newest(newest.title))
  if (before.partialPartsMocs !== after.partialPartsMocs) parts.push(t.announce.rows(after.partialPartsMocs.length))
  if (parts.length === 0 && before.themeBreakdown !== after.themeBreakdown) parts.push(t.announce.themes)
  if (parts.length === 0 && before.summary !== after.summary) parts.push(t.announce.counts)
  return parts.length === 0 ? '' : t.announce.updated(parts.join(', '))
}
