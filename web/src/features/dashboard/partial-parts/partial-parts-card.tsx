import type { PartialPartsMoc } from '@brickboard/dashboard-types'
import { memo, useMemo, useState } from 'react'
import { Card } from '@/components/card'
import { t } from '@/lib/strings'
import { CardBody, type Shown } from '../card-body'
import { PartialPartsTable } from './partial-parts-table'
import { asServed, inPlace, pressed, sortRows } from './sorting'

export function PartialPartsCard({ shown }: { shown: Shown<PartialPartsMoc[]> }) {
  const rows = shown.section
  return (
    <Card title={t.partial.title} testId="partial-parts-table" className="partial" busy={rows === undefined} aside={<span className="hint">{t.partial.hint}</span>}>
      <CardBody shown={shown} lines={8} isEmpty={(mocs) => mocs.length === 0} empty={t.partial.empty}>
        {(mocs) => <SortableParts mocs={mocs} />}
      </CardBody>
    </Card>
  )
}

/** Rows move when the user sorts, and never by themselves. */
const SortableParts = memo(function SortableParts({ mocs }: { mocs: PartialPartsMoc[] }) {
  const [sorting, setSorting] = useState(asServed)
  const [placed, setPlaced] = useState(() => sortRows(mocs, sorting))
  const rows = useMemo(() => inPlace(placed, mocs), [placed, mocs])
  if (rows.length > placed.length) setPlaced(rows.map((row) => row.moc)) // what arrived has its place from now on
  const sorted = useMemo(() => sortRows(mocs, sorting), [mocs, sorting])
  const moved = rows.length !== sorted.length || rows.some((row, place) => row.moc.id !== sorted[place]?.id)
  const sort = (next: typeof sorting) => {
    setSorting(next)
    setPlaced(sortRows(mocs, next))
  }
  return (
    <>
      <PartialPartsTable rows={rows} sorting={sorting} onSort={(column) => sort(pressed(sorting, column))} />
      <div className="table-foot">
        <span>{t.partial.inOrder(mocs.length)}</span>
        {moved && (
          <button type="button" className="button button-small" onClick={() => sort(sorting)}>
            {t.partial.sortAgain}
          </button>
        )}
      </div>
    </>
  )
})
