/**
 * Keeps the rule of fetching: one at a time; a need that arises during a fetch starts another after it; a fetch that
 * failed is still wanted.
 */
export class SnapshotFetcher {
  private needed = false
  private again = false
  private running: Promise<void> | undefined

  constructor(
    /** Fetches and merges; says whether the snapshot is in. It does not reject. */
    private readonly fetch: () => Promise<boolean>,
    /** Told after each fetch after which none follows at once. */
    private readonly settled: (isIn: boolean) => void,
  ) {}

  /** Whether a snapshot is wanted that is not in. */
  get wanted(): boolean {
    return this.needed
  }

  /** Resolves when the fetch that serves this need, and all after it, have ended. */
  want(): Promise<void> {
    this.needed = true
    if (this.running) this.again = true
    else this.running = this.run()
    return this.running
  }

  private async run(): Promise<void> {
    let isIn: boolean
    do {
      this.again = false
      isIn = await this.fetch()
    } while (this.again)
    this.needed = !isIn
    this.running = undefined
    this.settled(isIn)
  }
}
