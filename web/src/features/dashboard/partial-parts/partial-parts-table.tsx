import { memo } from 'react'
import { Link } from 'wouter'
import { BuildBadge, CoverageBar } from '@/components/badges'
import { Changing } from '@/components/changing'
import { formatMoment } from '@/lib/format'
import { t } from '@/lib/strings'
import { columns, type Column, type PlacedRow, type Sorting } from './sorting'

type PartialPartsTableProps = { rows: PlacedRow[]; sorting: Sorting; onSort: (column: Column) => void }

/** The roles are said because narrow screens lay the cells out as blocks, which takes a table's own roles away. */
export function PartialPartsTable({ rows, sorting, onSort }: PartialPartsTableProps) {
  return (
    <div className="scroller parts-scroller" tabIndex={0} role="region" aria-label={t.partial.region}>
      <table className="parts" role="table" aria-label={t.partial.title}>
        <thead role="rowgroup">
          <tr role="row">
            {columns.map((column) => (
              <Heading key={column} column={column} sorting={sorting} onSort={onSort} />
            ))}
          </tr>
        </thead>
        {groupsOf(rows).map((group, place) => (
          <tbody role="rowgroup" key={place}>
            {group.map(({ moc, gone }) => (
              <Row key={moc.id} moc={moc} gone={gone} />
            ))}
          </tbody>
        ))}
      </table>
    </div>
  )
}

const groupSize = 25

/** A group that is out of sight is not laid out (see the style sheet): so the page stays fast, however many rows there are. */
function groupsOf(rows: PlacedRow[]): PlacedRow[][] {
  return Array.from({ length: Math.ceil(rows.length / groupSize) }, (_, group) => rows.slice(group * groupSize, (group + 1) * groupSize))
}

function Heading({ column, sorting, onSort }: { column: Column; sorting: Sorting; onSort: (column: Column) => void }) {
  const sorted = sorting.column === column
  return (
    <th role="columnheader" scope="col" className={`column-${column}`} aria-sort={sorted ? (sorting.descending ? 'descending' : 'ascending') : 'none'}>
      <button type="button" onClick={() => onSort(column)}>
        {t.partial.columns[column]}
        <svg viewBox="0 0 8 8" aria-hidden="true">
          {sorted && <path d={sorting.descending ? 'M0 2h8L4 7z' : 'M0 6h8L4 1z'} />}
        </svg>
      </button>
    </th>
  )
}

const Row = memo(function Row({ moc, gone }: PlacedRow) {
  return (
    <tr role="row" className={gone ? 'gone' : undefined}>
      <th role="rowheader" scope="row" className="column-title">
        {gone ? moc.title : <Link href={`/mocs/${moc.id}`}>{moc.title}</Link>}
      </th>
      <td role="cell" className="column-theme">
        {moc.theme}
      </td>
      <td role="cell" className="column-buildStatus">
        <BuildBadge status={moc.buildStatus} />
      </td>
      <td role="cell" className="column-coverage">
        {gone ? t.partial.gone : <Changing value={moc.coveragePercentage}><CoverageBar percent={moc.coveragePercentage} /></Changing>}
      </td>
      <td role="cell" className="column-updated">
        <time dateTime={moc.lastUpdatedAt}>{formatMoment(moc.lastUpdatedAt)}</time>
      </td>
    </tr>
  )
})
