import type { BuildStatus, PartialPartsMoc } from '@brickboard/dashboard-types'
import { buildStatuses } from '@brickboard/dashboard-types'

export type Column = 'title' | 'theme' | 'buildStatus' | 'coverage' | 'updated'
export type Sorting = { column: Column; descending: boolean }

export const columns: readonly Column[] = ['title', 'theme', 'buildStatus', 'coverage', 'updated']
export const asServed: Sorting = { column: 'updated', descending: true }

const collator = new Intl.Collator(undefined, { numeric: true })
const step = (status: BuildStatus) => buildStatuses.indexOf(status)

const comparisons: Record<Column, (a: PartialPartsMoc, b: PartialPartsMoc) => number> = {
  title: (a, b) => collator.compare(a.title, b.title),
  theme: (a, b) => collator.compare(a.theme, b.theme),
  buildStatus: (a, b) => step(a.buildStatus) - step(b.buildStatus),
  coverage: (a, b) => a.coveragePercentage - b.coveragePercentage,
  updated: (a, b) => (a.lastUpdatedAt < b.lastUpdatedAt ? -1 : a.lastUpdatedAt > b.lastUpdatedAt ? 1 : 0),
}

/** Sorted; equals stay as served. */
export function sortRows(rows: readonly PartialPartsMoc[], { column, descending }: Sorting): PartialPartsMoc[] {
  const sign = descending ? -1 : 1
  return rows.toSorted((a, b) => sign * comparisons[column](a, b))
}

/** The next sorting when a column's heading is pressed: dates and coverage begin with the highest. */
export function pressed(now: Sorting, column: Column): Sorting {
  if (now.column === column) return { column, descending: !now.descending }
  return { column, descending: column === 'updated' || column === 'coverage' }
}

export type PlacedRow = { moc: PartialPartsMoc; gone: boolean }

/**
 * The rows as they are now, in the places that they had: what changed stays, what is gone keeps its place, and what is
 * new stands at the end, until the user sorts again.
 */
export function inPlace(placed: readonly PartialPartsMoc[], rows: readonly PartialPartsMoc[]): PlacedRow[] {
  const now = new Map(rows.map((row) => [row.id, row]))
  const kept = placed.map((old) => {
    const moc = now.get(old.id)
    now.delete(old.id)
    return { moc: moc ?? old, gone: moc === undefined }
  })
  return [...kept, ...Array.from(now.values(), (moc) => ({ moc, gone: false }))]
}
