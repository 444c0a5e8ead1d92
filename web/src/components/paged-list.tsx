import type { ReactNode } from 'react'
import { problemOf } from '@/lib/problem'
import { t } from '@/lib/strings'
import { EmptyState, ErrorState, Skeleton } from './states'
import { SteadyButton } from './steady-button'

type Pages<T> = { pages: { items: T[] }[] } | undefined
type Paged<T> = {
  /** Also those of the arguments before, while the first page of these is fetched. */
  data?: Pages<T>
  currentData?: Pages<T>
  error?: unknown
  hasNextPage: boolean
  isFetchNextPageError: boolean
  isFetching: boolean
  fetchNextPage: () => unknown
  refetch: () => unknown
}

type PagedListProps<T> = { list: Paged<T>; emptyTitle: string; emptyHint: string; children: (items: T[]) => ReactNode }

/** The pages of a list so far, and a button for the next; or why there are none, or no more. */
export function PagedList<T>({ list, emptyTitle, emptyHint, children }: PagedListProps<T>) {
  const items = (list.error ? list.currentData : list.data)?.pages.flatMap((page) => page.items)
  if (items?.length) {
    return (
      <>
        {children(items)}
        <ListEnd list={list} />
      </>
    )
  }
  if (list.error) return <ErrorState detail={problemOf(list.error).detail} onRetry={() => list.refetch()} />
  return items ? <EmptyState title={emptyTitle}>{emptyHint}</EmptyState> : <Skeleton lines={8} />
}

/** One button for the next page and for another try: so it keeps the focus, and leaves it here when it goes. */
function ListEnd<T>({ list }: { list: Paged<T> }) {
  const failed = Boolean(list.error)
  return (
    <div tabIndex={-1} className="list-end">
      {failed && <ErrorState detail={problemOf(list.error).detail} />}
      {(failed || list.hasNextPage) && (
        <p className="row row-center">
          <SteadyButton
            ref={leavesFocus}
            type="button"
            className="button"
            aria-busy={list.isFetching}
            onClick={() => (failed && !list.isFetchNextPageError ? list.refetch() : list.fetchNextPage())}
          >
            {failed ? t.errors.retry : t.mocs.more}
          </SteadyButton>
        </p>
      )}
    </div>
  )
}

const leavesFocus = (button: HTMLButtonElement) => () => {
  if (document.activeElement === button) button.closest<HTMLElement>('.list-end')?.focus()
}
