export const restAfterMs = 60_000

type PageEvents = {
  /** The tab has been hidden for long: nobody looks. */
  rest(): void
  /** The tab is shown, or the network is back. */
  wake(): void
  online(online: boolean): void
}

/** Watches whether somebody can see the page, and whether the browser thinks that there is a network. */
export class PageRest {
  private resting = false
  private timer: ReturnType<typeof setTimeout> | undefined

  constructor(private readonly events: PageEvents) {}

  watch(): void {
    document.addEventListener('visibilitychange', this.onVisibility)
    window.addEventListener('online', this.onOnline)
    window.addEventListener('offline', this.onOffline)
    if (document.hidden) this.onVisibility()
  }

  unwatch(): void {
    clearTimeout(this.timer)
    document.removeEventListener('visibilitychange', this.onVisibility)
    window.removeEventListener('online', this.onOnline)
    window.removeEventListener('offline', this.onOffline)
  }

  private readonly onVisibility = () => {
    clearTimeout(this.timer)
    if (document.hidden) {
      this.timer = setTimeout(() => {
        this.resting = true
        this.events.rest()
      }, restAfterMs)
      return
    }
    this.wake()
  }

  private readonly onOnline = () => {
    this.events.online(true)
    if (!this.resting) this.wake()
  }

  private readonly onOffline = () => this.events.online(false)

  private wake(): void {
    this.resting = false
    this.events.wake()
  }
}
