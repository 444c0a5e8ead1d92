import type { ReactNode } from 'react'
import { problemOf } from '@/lib/problem'
import { t } from '@/lib/strings'
import { EmptyState, ErrorState, Skeleton } from './states'

type Pages<T> = { pages: { items: T[] }[] } | undefined
type Paged<T> = {
  /** Also those of the arguments before, while the first page of these is fetched. */
  data?: Pages<T>
  currentData?: Pages<T>
  error?: unknown
  hasNextPage: boolean
  isFetchNextPageError: boolean
  isFetchingNextPage: boolean
  fetchNextPage: () => unknown
  refetch: () => unknown
}

type PagedListProps<T> = { list: Paged<T>; emptyTitle: string; emptyHint: string; children: (items: T[]) => ReactNode }

/** The pages of a list so far, and a button for the next; or why there are none, or no more. */
export function PagedList<T>({ list, emptyTitle, emptyHint, children }: PagedListProps<T>) {
  const items = (list.error ? list.currentData : list.data)?.pages.flatMap((page) => page.items)
  const failed = Boolean(list.error) && (
    <ErrorState detail={problemOf(list.error).detail} onRetry={() => (list.isFetchNextPageError ? list.fetchNextPage() : list.refetch())} />
  )
  if (items === undefined) return failed || <Skeleton lines={8} />
  if (items.length === 0) return failed || <EmptyState title={emptyTitle}>{emptyHint}</EmptyState>
  return (
    <>
      {children(items)}
      {failed}
      {!failed && list.hasNextPage && (
        <p className="row row-center">
          <button type="button" className="button" disabled={list.isFetchingNextPage} onClick={() => list.fetchNextPage()}>
            {t.mocs.more}
          </button>
        </p>
      )}
    </>
  )
}
