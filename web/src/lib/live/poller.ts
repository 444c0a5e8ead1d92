export const polling = { minMs: 30_000, maxMs: 60_000, retryMs: 5_000 }

/** Calls `poll` every 30 to 60 s, each time another interval, so that pages that lost one server do not poll in step. */
export class Poller {
  private regular: ReturnType<typeof setTimeout> | undefined
  private extra: ReturnType<typeof setTimeout> | undefined

  constructor(
    private readonly poll: () => void,
    private readonly random: () => number = Math.random,
  ) {}

  /** Starts where it has not been started. */
  start(): void {
    this.regular ??= setTimeout(
      () => {
        this.regular = undefined
        this.start()
        this.poll()
      },
      polling.minMs + this.random() * (polling.maxMs - polling.minMs),
    )
  }

  /** Polls once more, soon. */
  once(): void {
    clearTimeout(this.extra)
    this.extra = setTimeout(this.poll, polling.retryMs)
  }

  stop(): void {
    clearTimeout(this.regular)
    clearTimeout(this.extra)
    this.regular = undefined
  }
}
