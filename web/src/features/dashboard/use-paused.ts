import { useState } from 'react'
import type { DashboardState } from '@/lib/live/dashboard-state'

/** The view to show: the latest, or, while paused, that of the moment of pausing; and how many changes wait since. */
export function usePaused(latest: DashboardState | undefined) {
  const [paused, setPaused] = useState<DashboardState | null>(null)
  return {
    view: (paused ?? latest)?.view,
    paused: paused !== null,
    waiting: paused && latest ? changesBetween(paused, latest) : 0,
    toggle: () => setPaused(paused === null && latest ? latest : null),
  }
}

/** A change of several sections is one revision. Those of another epoch cannot be compared: that is one change. */
function changesBetween(before: DashboardState, after: DashboardState): number {
  return before.epoch === after.epoch ? newestOf(after) - newestOf(before) : 1
}

const newestOf = ({ revisions }: DashboardState) => Math.max(...Object.values(revisions))
