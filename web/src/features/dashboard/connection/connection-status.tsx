import { formatAge } from '@/lib/format'
import { connectionStatus, type ConnectionStatus as Status } from '@/lib/live/live-slice'
import { useAppSelector } from '@/lib/store'
import { t } from '@/lib/strings'
import { useNow } from '@/lib/use-now'

/** Says in words how the page is connected, and how old is what it shows; the mark says it by shape once more. */
export function ConnectionStatus() {
  const live = useAppSelector((state) => state.live)
  const status = useAppSelector((state) => connectionStatus(state.live, state.session.signedOut))
  const now = useNow(1_000)
  const seconds = live.retryAt === null ? 0 : Math.max(0, Math.ceil((live.retryAt - now) / 1_000))
  return (
    <p className={`status status-${status}`} data-testid="connection-status" aria-label={t.live.label} role="group">
      <Mark status={status} />
      <strong>{t.live.status[status]}</strong>
      {status === 'reconnecting' && seconds > 0 && <span className="status-seconds">{t.live.inSeconds(seconds)}</span>}
      <span className="status-age">{live.confirmedAt === null ? t.live.noData : t.live.age(formatAge(live.confirmedAt, Math.max(now, live.confirmedAt)))}</span>
    </p>
  )
}

function Mark({ status }: { status: Status }) {
  return (
    <svg viewBox="0 0 12 12" aria-hidden="true">
      {status === 'live' && <circle cx="6" cy="6" r="5" />}
      {(status === 'connecting' || status === 'reconnecting') && <path className="stroke" d="M10 6a4 4 0 1 1-1.3-3" />}
      {status === 'degraded' && <path d="M6 1l5.5 10H.5z" />}
      {(status === 'offline' || status === 'signedOut') && <path className="stroke" d="M2 2l8 8M10 2l-8 8" />}
    </svg>
  )
}
