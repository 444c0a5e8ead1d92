import { useState } from 'react'
import { PageTitle } from '@/components/page-title'
import { dashboardApi } from '@/lib/live/dashboard-api'
import { useLive } from '@/lib/live/use-live'
import { problemOf } from '@/lib/problem'
import { useAppSelector } from '@/lib/store'
import { t } from '@/lib/strings'
import { useFailureToast } from '@/lib/use-failure-toast'
import { Announcer } from './announcements/announcer'
import type { Shown } from './card-body'
import { CollectionSummaryCard } from './collection-summary/collection-summary-card'
import { ConnectionStatus } from './connection/connection-status'
import { DegradedBanner } from './connection/degraded-banner'
import { PartialPartsCard } from './partial-parts/partial-parts-card'
import { QuickActionsCard } from './quick-actions/quick-actions-card'
import { RecentMocsCard } from './recent-mocs/recent-mocs-card'
import { ThemeBreakdownCard } from './theme-breakdown/theme-breakdown-card'
import { usePaused } from './use-paused'

/** Each session has a dashboard of its own: nothing that one held is shown to the next. */
export default function DashboardPage() {
  const generation = useAppSelector((state) => state.session.generation)
  return <Dashboard key={generation} />
}

function Dashboard() {
  const { refresh } = useLive()
  const { data, error, isFetching } = dashboardApi.endpoints.getDashboard.useQueryState()
  const { view, paused, waiting, toggle } = usePaused(data)
  const [refreshing, setRefreshing] = useState(false)
  const tell = useFailureToast()

  const onRefresh = async () => {
    setRefreshing(true)
    const result = await refresh()
    setRefreshing(false)
    if (view) tell(result) // without a view, the cards say it
  }
  const shown = <T,>(section: T | undefined): Shown<T> => ({
    section,
    error: error && !isFetching ? problemOf(error).detail : undefined,
    onRetry: () => void onRefresh(),
  })

  return (
    <div className="dashboard">
      <PageTitle
        actions={
          <div className="toolbar">
            <ConnectionStatus />
            <button type="button" className="button" aria-pressed={paused} onClick={toggle} disabled={view === undefined}>
              {t.dashboard.pause}
            </button>
            <button type="button" className="button" onClick={() => void onRefresh()} aria-busy={refreshing}>
              {t.dashboard.refresh}
            </button>
          </div>
        }
      >
        {t.dashboard.title}
      </PageTitle>
      {paused && <p className="banner banner-calm">{t.dashboard.paused(waiting)}</p>}
      <DegradedBanner onRetry={() => void onRefresh()} />
      <div className="cards">
        <CollectionSummaryCard shown={shown(view?.summary)} />
        <ThemeBreakdownCard shown={shown(view?.themeBreakdown)} />
        <RecentMocsCard shown={shown(view?.recentMocs)} />
        <QuickActionsCard />
        <PartialPartsCard shown={shown(view?.partialPartsMocs)} />
      </div>
      <Announcer view={view} />
    </div>
  )
}
