import { expect, type Browser, type BrowserContext, type ConsoleMessage, type Page } from '@playwright/test'
import { TcpLine } from './tcp-line.ts'

/** Where a collector sits: a browser of their own, with the dashboard in a window, and its line to the server. */
export class Desk {
  /** The text of everything that came over WebSockets. */
  readonly told: string[] = []
  /** What broke in the page, and what was against its policy, where that is noted. */
  readonly errors: Error[] = []
  readonly violations: string[] = []
  /** How often the page was loaded, and asked the server for something. */
  loads = 0
  asked = 0
  private readonly pending = new Set<unknown>()
  private other: Page | undefined

  private constructor(
    readonly page: Page,
    readonly line: TcpLine,
  ) {
    page.on('domcontentloaded', () => this.loads++)
    page.on('pageerror', (error) => this.errors.push(error))
    page.on('request', (request) => {
      this.asked++
      if (request.url().includes('/api/')) this.pending.add(request)
    })
    page.on('requestfinished', (request) => this.pending.delete(request))
    page.on('requestfailed', (request) => this.pending.delete(request))
    page.on('websocket', (socket) => {
      this.asked++
      socket.on('framereceived', ({ payload }) => this.told.push(payload.toString()))
    })
  }

  /** With a clock, its time can be moved on. */
  static async open(browser: Browser, serverPort: number, clock: boolean): Promise<Desk> {
    const line = await TcpLine.open(serverPort)
    const context = await browser.newContext({ baseURL: line.url })
    if (clock) await context.clock.install()
    return new Desk(await context.newPage(), line)
  }

  async close(): Promise<void> {
    await this.context.close()
    this.line.close()
  }

  get context(): BrowserContext {
    return this.page.context()
  }

  /** A second window of the same browser. */
  async otherWindow(): Promise<Page> {
    return (this.other ??= await this.context.newPage())
  }

  /** Lets the page's time pass, a second at a time, and what it asks in one be answered in it. */
  async pass(seconds: number): Promise<void> {
    for (let second = 0; second < seconds; second++) {
      await this.page.clock.runFor(1_000)
      await expect.poll(() => this.pending.size, { intervals: [5, 20, 100] }).toBe(0)
    }
  }

  /** The server, so the page thinks, sends these packets; resolves when the page has taken them in. */
  async receive(...packets: string[]): Promise<void> {
    const last = `last-of-${this.told.length}`
    const predicate = (message: ConsoleMessage) => message.text().includes(last)
    const taken = this.page.waitForEvent('console', { predicate, timeout: 20_000 })
    for (const packet of packets) this.line.inject(packet)
    this.line.inject(eventPacket(last, { type: last }))
    await taken
    await this.page.evaluate(() => new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted))))
  }
}

/** An event as it stands in a WebSocket message of Socket.IO. */
export function eventPacket(type: string, envelope?: unknown): string {
  return `42/dashboard,${JSON.stringify(envelope === undefined ? [type] : [type, envelope])}`
}
