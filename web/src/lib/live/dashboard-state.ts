import type { DashboardView } from '@brickboard/dashboard-types'
import { copyWithStructuralSharing } from '@reduxjs/toolkit/query'

export type Section = 'summary' | 'themes' | 'recent' | 'partialParts'

/** A view, and for each of its sections the revision up to which it is true, within one epoch. */
export type DashboardState = { view: DashboardView; epoch: string; revisions: Record<Section, number> }

const etagForm = /^(?:W\/)?"([A-Za-z0-9_-]+)\.(\d+)"$/

/** The state that a snapshot and its ETag name, or undefined where the ETag is not one of a dashboard. */
export function stateOf(view: DashboardView, etag: string | null | undefined): DashboardState | undefined {
  const [, epoch, revision] = etagForm.exec(etag ?? '') ?? []
  if (epoch === undefined || revision === undefined) return undefined
  const at = Number(revision)
  return { view, epoch, revisions: { summary: at, themes: at, recent: at, partialParts: at } }
}

/** Of the same epoch, section by section, the higher revision wins; a snapshot of another epoch replaces everything. */
export function mergeSnapshot(held: DashboardState | undefined, fetched: DashboardState): DashboardState {
  if (held === undefined || held.epoch !== fetched.epoch) return fetched
  const newest = (section: Section) => (fetched.revisions[section] > held.revisions[section] ? fetched : held)
  const view: DashboardView = {
    summary: newest('summary').view.summary,
    themeBreakdown: newest('themes').view.themeBreakdown,
    recentMocs: newest('recent').view.recentMocs,
    partialPartsMocs: newest('partialParts').view.partialPartsMocs,
  }
  return {
    epoch: held.epoch,
    view: copyWithStructuralSharing<DashboardView>(held.view, view), // what is equal stays the same object: nothing flashes
    revisions: {
      summary: newest('summary').revisions.summary,
      themes: newest('themes').revisions.themes,
      recent: newest('recent').revisions.recent,
      partialParts: newest('partialParts').revisions.partialParts,
    },
  }
}
