import { useAppSelector } from '@/lib/store'
import { t } from '@/lib/strings'

export function DegradedBanner({ onRetry }: { onRetry: () => void }) {
  const degraded = useAppSelector((state) => (state.session.signedOut ? null : state.live.degraded))
  if (degraded === null) return null
  const tooMany = degraded === 'tooManySessions'
  return (
    <div className="banner" data-testid="degraded-mode-banner">
      <p>
        <strong>{tooMany ? t.live.tooManyTitle : t.live.degradedTitle}</strong> {tooMany ? t.live.tooManyHint : t.live.degradedHint}
      </p>
      <button type="button" className="button" onClick={onRetry}>
        {t.live.retry}
      </button>
    </div>
  )
}
