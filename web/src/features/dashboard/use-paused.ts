import type { DashboardView } from '@brickboard/dashboard-types'
import { useState } from 'react'
import { useAppSelector } from '@/lib/store'

/** The view to show: the latest, or, while paused, that of the moment of pausing; and how many changes wait since. */
export function usePaused(latest: DashboardView | undefined) {
  const changes = useAppSelector((state) => state.live.changes)
  const [paused, setPaused] = useState<{ view: DashboardView; changes: number } | null>(null)
  return {
    view: paused?.view ?? latest,
    paused: paused !== null,
    waiting: paused === null ? 0 : changes - paused.changes,
    toggle: () => setPaused(paused === null && latest ? { view: latest, changes } : null),
  }
}
