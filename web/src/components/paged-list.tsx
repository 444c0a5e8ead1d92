import type { ReactNode } from 'react'
import { problemOf } from '@/lib/problem'
import { t } from '@/lib/strings'
import { EmptyState, ErrorState, Skeleton } from './states'

type Paged<T> = {
  data?: { pages: { items: T[] }[] } | undefined
  error?: unknown
  hasNextPage: boolean
  isFetchingNextPage: boolean
  fetchNextPage: () => unknown
  refetch: () => unknown
}

type PagedListProps<T> = { list: Paged<T>; emptyTitle: string; emptyHint: string; children: (items: T[]) => ReactNode }

/** The pages of a list so far, and a button for the next; or why there are none. */
export function PagedList<T>({ list, emptyTitle, emptyHint, children }: PagedListProps<T>) {
  const items = list.data?.pages.flatMap((page) => page.items)
  if (items === undefined) {
    return list.error ? <ErrorState detail={problemOf(list.error).detail} onRetry={() => list.refetch()} /> : <Skeleton lines={8} />
  }
  if (items.length === 0) return <EmptyState title={emptyTitle}>{emptyHint}</EmptyState>
  return (
    <>
      {children(items)}
      {list.hasNextPage && (
        <p className="row row-center">
          <button type="button" className="button" disabled={list.isFetchingNextPage} onClick={() => list.fetchNextPage()}>
            {t.mocs.more}
          </button>
        </p>
      )}
    </>
  )
}
