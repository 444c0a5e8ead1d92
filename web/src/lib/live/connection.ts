import { delayAfter } from './backoff'

/** What is used of a Socket.IO client socket whose own reconnection is off. */
export type LiveSocket = {
  readonly connected: boolean
  readonly recovered: boolean
  connect(): unknown
  disconnect(): unknown
  on(event: string, listener: (...args: never[]) => void): unknown
  onAny(listener: (type: string, ...args: unknown[]) => void): unknown
  removeAllListeners(): unknown
  offAny(): unknown
  readonly io: { on(event: 'ping', listener: () => void): unknown; removeAllListeners(event: 'ping'): unknown }
}

export type ConnectionPhase = 'connecting' | 'connected' | 'waiting' | 'closed'

export type ConnectionEvents = {
  phase(phase: ConnectionPhase, retryAt: number | null): void
  connected(recovered: boolean): void
  /** A try failed or the connection closed, for the nth time since the namespace was last connected. */
  failed(failures: number): void
  refused(code: 'AUTH_FAILED' | 'TOO_MANY_SESSIONS'): void
  received(value: unknown): void
  /** Something came from the server: the connection is alive. */
  alive(): void
}

export const times = { attemptMs: 20_000, silenceMs: 30_000, tooManyMs: 60_000 }

/**
 * Keeps one socket connected. Reconnection is ours, not the client's: its own is inactive for good after a refusal, takes
 * an opened transport for success, and cannot be hurried. It never gives up, but on AUTH_FAILED.
 */
export class Connection {
  private timer: ReturnType<typeof setTimeout> | undefined
  private failures = 0
  private phase: ConnectionPhase = 'closed'

  constructor(
    private readonly socket: LiveSocket,
    private readonly events: ConnectionEvents,
    private readonly random: () => number = Math.random,
  ) {
    socket.on('connect', () => this.onConnect())
    socket.on('connect_error', (error: Error & { data?: { code?: unknown } }) => this.onConnectError(error.data?.code))
    socket.on('disconnect', (reason: string) => {
      if (reason !== 'io client disconnect') this.fail()
    })
    socket.onAny((_type, value) => {
      this.hear()
      this.events.received(value)
    })
    socket.io.on('ping', () => this.hear())
  }

  /** Connects at once, whatever is waited for. */
  open(): void {
    if (this.phase === 'connected') return
    if (this.phase === 'connecting') this.socket.disconnect()
    this.enter('connecting')
    this.after(times.attemptMs, () => this.giveUpAttempt())
    this.socket.connect()
  }

  /** Closes on our side, which is no failure; `open` goes on from there. */
  close(): void {
    this.enter('closed')
    this.socket.disconnect()
  }

  dispose(): void {
    this.close()
    this.socket.removeAllListeners()
    this.socket.offAny()
    this.socket.io.removeAllListeners('ping')
  }

  private onConnect(): void {
    this.failures = 0
    this.enter('connected')
    this.hear()
    this.events.connected(this.socket.recovered)
  }

  private onConnectError(code: unknown): void {
    if (this.phase === 'closed') return
    if (code === 'AUTH_FAILED') {
      this.close()
      this.events.refused(code)
    } else if (code === 'TOO_MANY_SESSIONS') {
      this.waitFor(times.tooManyMs)
      this.events.refused(code)
    } else {
      this.fail()
    }
  }

  private hear(): void {
    if (this.phase !== 'connected') return
    this.after(times.silenceMs, () => this.giveUpAttempt())
    this.events.alive()
  }

  /** The transport opened and the namespace did not, or nothing was heard for long: the same as a failure. */
  private giveUpAttempt(): void {
    this.socket.disconnect()
    this.fail()
  }

  private fail(): void {
    if (this.phase === 'closed') return
    this.failures++
    this.waitFor(delayAfter(this.failures, this.random))
    this.events.failed(this.failures)
  }

  private waitFor(ms: number): void {
    this.enter('waiting', Date.now() + ms)
    this.after(ms, () => this.open())
  }

  private after(ms: number, then: () => void): void {
    clearTimeout(this.timer)
    this.timer = setTimeout(then, ms)
  }

  private enter(phase: ConnectionPhase, retryAt: number | null = null): void {
    clearTimeout(this.timer)
    this.phase = phase
    this.events.phase(phase, retryAt)
  }
}
