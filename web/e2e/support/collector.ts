import { expect, request, type Browser } from '@playwright/test'
import { randomUUID } from 'node:crypto'
import { Collection } from './collection.ts'
import { Desk } from './desk.ts'
import type { Server } from './server.ts'

type Place = { browser: Browser; server: Server; clock: boolean }

/** One who has a collection, and a desk to look at it from. */
export class Collector {
  /** Where the collector sits: at home, or at somebody else's. */
  desk: Desk
  /** The packet of an event that is to come again. */
  remembered = ''

  private constructor(
    private readonly id: string,
    private readonly server: Server,
    private readonly home: Desk,
    readonly collection: Collection,
  ) {
    this.desk = home
  }

  /** Somebody new, of whom no other scenario knows. */
  static async arrive(name: string, { browser, server, clock }: Place): Promise<Collector> {
    const id = `${name.toLowerCase()}-${randomUUID()}`
    const headers = { Authorization: `Bearer ${server.token(id)}` }
    const rest = await request.newContext({ baseURL: server.url, extraHTTPHeaders: headers })
    return new Collector(id, server, await Desk.open(browser, server.port, clock), new Collection(rest))
  }

  /** Goes, and says whether the page broke meanwhile. */
  async leave(): Promise<void> {
    await Promise.all([this.home.close(), this.collection.close()])
    expect(this.home.errors, `what broke in the page of ${this.id}`).toEqual([])
  }

  token(seconds?: number): string {
    return this.server.token(this.id, seconds)
  }

  /** Sets the cookie of the desk's browser, as signing in in any of its windows does. */
  async signIn(seconds?: number): Promise<void> {
    const headers = { Authorization: `Bearer ${this.token(seconds)}` }
    const answer = await this.desk.page.request.post('/api/session', { headers })
    expect(answer.ok(), `sign in: ${answer.status()}`).toBe(true)
  }
}
