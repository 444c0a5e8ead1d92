import type { ReactNode } from 'react'
import { EmptyState, ErrorState, Skeleton } from '@/components/states'

/** What a card has to show: its section, or why it has none. */
export type Shown<T> = { section: T | undefined; error: string | undefined; onRetry: () => void }

type CardBodyProps<T> = { shown: Shown<T>; lines: number; isEmpty: (section: T) => boolean; empty: string; children: (section: T) => ReactNode }

/** Full, empty, failed or loading. A section that was once there stays, whatever happens later. */
export function CardBody<T>({ shown: { section, error, onRetry }, lines, isEmpty, empty, children }: CardBodyProps<T>) {
  if (section === undefined) return error === undefined ? <Skeleton lines={lines} /> : <ErrorState detail={error} onRetry={onRetry} />
  if (isEmpty(section)) return <EmptyState>{empty}</EmptyState>
  return children(section)
}
