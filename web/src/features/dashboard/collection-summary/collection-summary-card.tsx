import type { DashboardSummary } from '@brickboard/dashboard-types'
import { buildStatuses, partsCoverageStatuses } from '@brickboard/dashboard-types'
import { Card } from '@/components/card'
import { Changing } from '@/components/changing'
import { formatNumber } from '@/lib/format'
import { t } from '@/lib/strings'
import { CardBody, type Shown } from '../card-body'

export function CollectionSummaryCard({ shown }: { shown: Shown<DashboardSummary> }) {
  return (
    <Card title={t.summary.title} testId="collection-summary-card" className="summary" busy={shown.section === undefined}>
      <CardBody shown={shown} lines={6} isEmpty={isEmpty} empty={t.summary.empty}>
        {(summary) => (
          <>
            <dl className="totals">
              <Total label={t.summary.total} value={summary.totalMocs} testId="total-mocs-count" />
              <Total label={t.summary.wishlist} value={summary.totalWishlistItems} testId="wishlist-items-count" />
            </dl>
            <Split title={t.summary.byBuild} keys={buildStatuses} counts={summary.mocsByBuildStatus} labels={t.build} />
            <Split title={t.summary.byCoverage} keys={partsCoverageStatuses} counts={summary.mocsByCoverageStatus} labels={t.coverage} />
          </>
        )}
      </CardBody>
    </Card>
  )
}

const isEmpty = (summary: DashboardSummary) => summary.totalMocs === 0 && summary.totalWishlistItems === 0

function Total({ label, value, testId }: { label: string; value: number; testId: string }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>
        <Changing value={formatNumber(value)} testId={testId} />
      </dd>
    </div>
  )
}

type SplitProps<K extends string> = { title: string; keys: readonly K[]; counts: Record<K, number>; labels: Record<K, string> }

/** One bar in parts, and the same numbers in words below it. */
function Split<K extends string>({ title, keys, counts, labels }: SplitProps<K>) {
  const total = keys.reduce((sum, key) => sum + counts[key], 0)
  let before = 0
  return (
    <div className="split">
      <h3>{title}</h3>
      <svg className="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
        <rect className="bar-track" width="100" height="8" />
        {keys.map((key) => {
          const width = total === 0 ? 0 : (100 * counts[key]) / total
          const x = before
          before += width
          return <rect key={key} className={`part-${key}`} x={x} width={Math.max(0, width - 0.6)} height="8" />
        })}
      </svg>
      <dl className="legend">
        {keys.map((key) => (
          <div key={key}>
            <dt>
              <i className={`part-${key}`} aria-hidden="true" />
              {labels[key]}
            </dt>
            <dd>
              <Changing value={formatNumber(counts[key])} />
            </dd>
          </div>
        ))}
      </dl>
    </div>
  )
}
