import type { BuildStatus } from '@brickboard/dashboard-types'
import { formatPercent } from '@/lib/format'
import { t } from '@/lib/strings'

/** The status in words; the mark beside it is one more hint, by shape as well as by colour. */
export function BuildBadge({ status }: { status: BuildStatus }) {
  return (
    <span className={`badge badge-${status}`}>
      <svg viewBox="0 0 10 10" aria-hidden="true">
        {status === 'BUILT' ? <rect x="1" y="1" width="8" height="8" rx="1.5" /> : <rect className="outline" x="1.5" y="1.5" width="7" height="7" rx="1.5" />}
        {status === 'IN_PROGRESS' && <rect x="1" y="5" width="8" height="4" rx="1" />}
      </svg>
      {t.build[status]}
    </span>
  )
}

/** Coverage as bar and number. */
export function CoverageBar({ percent }: { percent: number }) {
  return (
    <span className="coverage">
      <svg className="bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
        <rect className="bar-track" width="100" height="6" />
        <rect className="bar-fill" width={percent} height="6" />
      </svg>
      <span className="coverage-number">{formatPercent(percent)}</span>
    </span>
  )
}
