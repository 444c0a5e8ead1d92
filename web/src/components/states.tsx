import type { ReactNode } from 'react'
import { t } from '@/lib/strings'

export function EmptyState({ title, children, action }: { title?: string; children: ReactNode; action?: ReactNode }) {
  return (
    <div className="state">
      <Bricks />
      {title && <p className="state-title">{title}</p>}
      <p>{children}</p>
      {action}
    </div>
  )
}

/** Without `onRetry`, the way to try again is beside it. */
export function ErrorState({ detail, onRetry }: { detail: string; onRetry?: () => void }) {
  return (
    <div className="state" role="alert">
      <p className="state-title">{t.errors.title}</p>
      <p>{detail}</p>
      {onRetry && (
        <button type="button" className="button" onClick={onRetry}>
          {t.errors.retry}
        </button>
      )}
    </div>
  )
}

/** Grey lines in the place of what is being loaded. */
export function Skeleton({ lines }: { lines: number }) {
  return (
    <div className="skeleton" aria-hidden="true">
      {Array.from({ length: lines }, (_, line) => (
        <span key={line} />
      ))}
    </div>
  )
}

function Bricks() {
  return (
    <svg className="state-bricks" viewBox="0 0 64 40" aria-hidden="true">
      <rect x="4" y="22" width="28" height="16" rx="2" />
      <rect x="34" y="22" width="28" height="16" rx="2" />
      <rect x="19" y="5" width="28" height="15" rx="2" className="missing" />
    </svg>
  )
}
