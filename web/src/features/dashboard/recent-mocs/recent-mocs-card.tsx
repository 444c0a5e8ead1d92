import type { RecentMoc } from '@brickboard/dashboard-types'
import { memo, useState } from 'react'
import { Link } from 'wouter'
import { BuildBadge } from '@/components/badges'
import { Card } from '@/components/card'
import { Cover } from '@/components/cover'
import { formatDay } from '@/lib/format'
import { t } from '@/lib/strings'
import { CardBody, type Shown } from '../card-body'

export function RecentMocsCard({ shown }: { shown: Shown<RecentMoc[]> }) {
  return (
    <Card title={t.recent.title} testId="recent-mocs-card" className="recent" busy={shown.section === undefined}>
      <CardBody shown={shown} lines={10} isEmpty={(mocs) => mocs.length === 0} empty={t.recent.empty}>
        {(mocs) => <RecentList mocs={mocs} />}
      </CardBody>
    </Card>
  )
}

/**
 * The list stands still while somebody points at it or is in it with the keyboard: no link becomes another one under the
 * finger. Its places are fixed, and what stands in them is put there anew: so nothing moves.
 */
const RecentList = memo(function RecentList({ mocs }: { mocs: RecentMoc[] }) {
  const [held, setHeld] = useState<RecentMoc[] | null>(null)
  const shown = held ?? mocs
  return (
    <>
      <ol
        className="recent-list"
        onPointerEnter={() => setHeld(mocs)}
        onPointerLeave={() => setHeld(null)}
        onFocus={() => setHeld((now) => now ?? mocs)}
        onBlur={(event) => {
          if (!event.currentTarget.contains(event.relatedTarget)) setHeld(null)
        }}
      >
        {shown.map((moc, place) => (
          <li key={place}>
            <Recent moc={moc} />
          </li>
        ))}
      </ol>
      <p className="held">{held !== null && held !== mocs && t.dashboard.held}</p>
    </>
  )
})

const Recent = memo(function Recent({ moc }: { moc: RecentMoc }) {
  return (
    <Link href={`/mocs/${moc.id}`} className="recent-moc">
      <Cover key={`cover ${moc.id}`} url={moc.coverImageUrl} theme={moc.theme} />
      <span key={`text ${moc.id}`} className="recent-text">
        <span className="recent-title">{moc.title}</span>
        <span className="recent-meta">
          {moc.theme} · <time dateTime={moc.createdAt}>{formatDay(moc.createdAt)}</time>
        </span>
      </span>
      <BuildBadge key={`${moc.buildStatus} ${moc.id}`} status={moc.buildStatus} />
    </Link>
  )
})
