import { readEvent } from '@brickboard/dashboard-types'
import type { Environment } from '@/lib/environment'
import { sessionEnded } from '@/lib/session-slice'
import type { AppStore } from '@/lib/store'
import { t } from '@/lib/strings'
import { toastShown } from '@/lib/toasts-slice'
import { applyEnvelope } from './apply-envelope'
import { Connection, type ConnectionEvents } from './connection'
import { dashboardApi } from './dashboard-api'
import { liveHeard, liveMalformed, liveReported, liveReset, type LiveState } from './live-slice'
import { PageRest } from './page-rest'
import { Poller } from './poller'
import { makeSocket } from './socket'
import { SnapshotFetcher } from './snapshot-fetcher'

const expiredAgainMs = 60_000

/** Keeps the dashboard's cache entry true from `start` to `stop`, and says in the live slice how far it is. */
export class LiveService {
  private connection: Connection | undefined
  private subscription: { unsubscribe(): void } | undefined
  private expiredAt = -Infinity
  private ended = false
  private stopped = false
  private readonly fetcher = new SnapshotFetcher(() => this.fetch(), (isIn) => this.onSettled(isIn))
  private readonly poller = new Poller(() => void this.fetcher.want())
  private readonly page = new PageRest({
    rest: () => this.rest(),
    wake: () => this.wake(),
    online: (online) => this.report({ online }),
  })

  constructor(
    private readonly store: AppStore,
    private readonly environment: Environment,
  ) {}

  /** Where the session has ended already, it is as after `halt`. */
  start(): void {
    const { data, fulfilledTimeStamp = 0 } = this.entry() // the gallery fetches it too
    this.report({ online: navigator.onLine, confirmedAt: data ? Math.max(this.live().confirmedAt ?? 0, fulfilledTimeStamp) : null })
    if (this.store.getState().session.signedOut) return this.hold()
    const open = this.environment.makeSocket ?? makeSocket
    this.connection = new Connection(open(this.environment), this.events())
    this.page.watch()
    this.connection.open()
    void this.fetcher.want()
  }

  /** Closes everything; what was fetched stays in the cache for a while. */
  stop(): void {
    this.halt()
    this.stopped = true
    this.subscription?.unsubscribe()
    this.store.dispatch(liveReset())
  }

  /** Ends the work, as when the session has ended, and leaves on screen what is there. */
  halt(): void {
    this.ended = true
    this.page.unwatch()
    this.poller.stop()
    this.connection?.dispose()
  }

  /** The user's own wish: connect at once, and fetch whatever the state of the connection. Says what failed, if it did. */
  async refresh(): Promise<{ error?: unknown }> {
    if (this.ended) return {}
    this.connection?.open()
    await this.fetcher.want()
    return this.entry()
  }

  /** Keeps what was fetched in the cache, and asks for it only where there is none. */
  private hold(): void {
    this.ended = true
    this.subscription = this.store.dispatch(dashboardApi.endpoints.getDashboard.initiate())
  }

  private events(): ConnectionEvents {
    return {
      phase: (phase, retryAt) => this.report(phase === 'connected' ? { phase, retryAt } : { phase, retryAt, synced: false }),
      connected: (recovered) => {
        if (!recovered || this.fetcher.wanted) void this.fetcher.want()
        else this.onSettled(true)
      },
      failed: (failures) => {
        if (failures >= this.environment.failuresUntilDegraded) this.degrade('failures')
      },
      refused: (code) => (code === 'AUTH_FAILED' ? this.signOut() : this.degrade('tooManySessions')),
      received: (value) => this.receive(value),
      alive: () => this.confirm(),
    }
  }

  private receive(value: unknown): void {
    const read = readEvent(value)
    switch (read.kind) {
      case 'unknown':
        console.info('live: event of an unknown type ignored', read.type)
        break
      case 'malformed':
        console.warn('live: malformed event skipped', read.reason)
        this.store.dispatch(liveMalformed())
        break
      case 'event':
        if (read.event.type === 'dashboard:error') return this.onServerError(read.event.payload)
        this.apply(read.event)
    }
  }

  private apply(event: Parameters<typeof applyEnvelope>[1]): void {
    const held = this.held()
    const { outcome, state } = held ? applyEnvelope(held, event) : { outcome: 'fetch', state: held }
    if (outcome === 'fetch') {
      this.report({ synced: false })
      void this.fetcher.want()
    }
    if (outcome !== 'applied' || state === undefined) return
    this.store.dispatch(dashboardApi.util.updateQueryData('getDashboard', undefined, () => state))
  }

  /** A session that expired comes back once, with what credential there is by then; one that expires again has ended. */
  private onServerError({ code, message }: { code: string; message: string }): void {
    if (code !== 'TOKEN_EXPIRED') {
      this.store.dispatch(toastShown('error', t.live.serverError(message)))
      return
    }
    if (Date.now() - this.expiredAt < expiredAgainMs) return this.signOut()
    this.expiredAt = Date.now()
  }

  private async fetch(): Promise<boolean> {
    const fetching = this.store.dispatch(dashboardApi.endpoints.getDashboard.initiate(undefined, { forceRefetch: true }))
    const { isSuccess } = await fetching
    this.subscription?.unsubscribe()
    this.subscription = fetching
    if (this.stopped) fetching.unsubscribe()
    if (!isSuccess || this.ended) return false
    this.report({ confirmedAt: Date.now() })
    return true
  }

  private onSettled(isIn: boolean): void {
    if (this.ended) return
    const connected = this.live().phase === 'connected'
    if (!connected) return
    if (!isIn) return this.poller.once()
    this.poller.stop()
    this.report({ synced: true, degraded: null, confirmedAt: Date.now() })
  }

  private degrade(degraded: LiveState['degraded']): void {
    if (this.live().degraded === null) void this.fetcher.want()
    this.poller.start()
    this.report({ degraded })
  }

  private rest(): void {
    this.poller.stop()
    this.connection?.close()
  }

  private wake(): void {
    this.connection?.open()
    if (this.live().degraded === null) return
    this.poller.start()
    void this.fetcher.want()
  }

  /** The server refuses the credential; what is shown stays, and nothing is asked any more. */
  private signOut(): void {
    this.store.dispatch(sessionEnded())
  }

  private confirm(): void {
    const { synced, confirmedAt } = this.live()
    if (synced && Date.now() - (confirmedAt ?? 0) > 1_000) this.store.dispatch(liveHeard(Date.now()))
  }

  private entry() {
    return dashboardApi.endpoints.getDashboard.select()(this.store.getState())
  }

  private held() {
    return this.entry().data
  }

  private live(): LiveState {
    return this.store.getState().live
  }

  private report(change: Partial<LiveState>): void {
    if (!this.ended) this.store.dispatch(liveReported(change))
  }
}
