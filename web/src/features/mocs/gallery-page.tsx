import { Link, useSearchParams } from 'wouter'
import { BuildBadge, CoverageBar } from '@/components/badges'
import { Cover } from '@/components/cover'
import { PagedList } from '@/components/paged-list'
import { PageTitle } from '@/components/page-title'
import { t } from '@/lib/strings'
import { GalleryFilters } from './gallery-filters'
import { useListMocsInfiniteQuery, type Moc, type MocFilter } from './mocs-api'

const filterNames = ['q', 'theme', 'buildStatus', 'coverageStatus'] as const

/** The filters are in the address: a filtered gallery can be kept and shared. */
export default function GalleryPage() {
  const [search, setSearch] = useSearchParams()
  const filter: MocFilter = {}
  for (const name of filterNames) {
    const value = search.get(name)
    if (value) filter[name] = value
  }
  const setFilter = (next: MocFilter) => setSearch(new URLSearchParams(next), { replace: true })
  return (
    <>
      <PageTitle
        actions={
          <Link href="/mocs/new" className="button button-primary">
            {t.nav.newMoc}
          </Link>
        }
      >
        {t.mocs.title}
      </PageTitle>
      <GalleryFilters filter={filter} onChange={setFilter} />
      <Gallery filter={filter} />
    </>
  )
}

function Gallery({ filter }: { filter: MocFilter }) {
  const list = useListMocsInfiniteQuery(filter, { refetchOnMountOrArgChange: true })
  const filtered = Object.keys(filter).length > 0
  return (
    <PagedList list={list} emptyTitle={filtered ? t.mocs.noMatch : t.mocs.empty} emptyHint={filtered ? t.mocs.noMatchHint : t.mocs.emptyHint}>
      {(mocs) => (
        <>
          <p className="hint" role="status">
            {t.mocs.shown(mocs.length, list.hasNextPage)}
          </p>
          <ul className="gallery">
            {mocs.map((moc) => (
              <li key={moc.id}>
                <GalleryCard moc={moc} />
              </li>
            ))}
          </ul>
        </>
      )}
    </PagedList>
  )
}

function GalleryCard({ moc }: { moc: Moc }) {
  return (
    <Link href={`/mocs/${moc.id}`} className="card gallery-card">
      <Cover url={moc.coverImageUrl} theme={moc.theme} large />
      <span className="gallery-text">
        <span className="gallery-title">{moc.title}</span>
        <span className="hint">{moc.theme}</span>
        <BuildBadge status={moc.buildStatus} />
        <CoverageBar percent={moc.coveragePercentage} />
      </span>
    </Link>
  )
}
