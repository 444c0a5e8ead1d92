import { expect, type APIRequestContext } from '@playwright/test'

type Row = Record<string, string>
type Parts = { total: number; owned: number; ordered: number }
type Moc = { id: string }

const buildStatuses: Row = { Added: 'ADDED', 'In progress': 'IN_PROGRESS', Built: 'BUILT' }

/** A collector's collection as another client than the page sees it: by REST, with a token. */
export class Collection {
  private readonly mocs = new Map<string, Moc>()

  constructor(private readonly rest: APIRequestContext) {}

  close(): Promise<void> {
    return this.rest.dispose()
  }

  /** Columns: title; theme, build status, cover, total, owned and ordered where they matter. */
  async addMoc({ title = '', theme = 'City', 'build status': status = 'Added', cover, total = '0', owned = '0', ordered = '0' }: Row): Promise<void> {
    const parts = { total: Number(total), owned: Number(owned), ordered: Number(ordered) }
    const data = { title, theme, buildStatus: buildStatuses[status], coverImageUrl: cover ?? null, parts }
    this.mocs.set(title, await this.send<Moc>('POST', '/api/mocs', data))
  }

  async countParts(title: string, parts: Parts): Promise<void> {
    await this.send('PUT', `/api/mocs/${this.id(title)}/parts`, parts)
  }

  async moveMoc(title: string, theme: string): Promise<void> {
    await this.send('PATCH', `/api/mocs/${this.id(title)}`, { theme })
  }

  async deleteMoc(title: string): Promise<void> {
    await this.send('DELETE', `/api/mocs/${this.id(title)}`)
  }

  /** Columns: name, theme and quantity. */
  async addSet({ name, theme, quantity }: Row): Promise<void> {
    await this.send('POST', '/api/sets', { setNumber: '10497-1', name, theme, quantity: Number(quantity) })
  }

  /** Columns: kind and title. */
  async addWishlistItem({ kind, title }: Row): Promise<void> {
    await this.send('POST', '/api/wishlist', { kind, title })
  }

  /** The summary as the server would tell it again now. */
  async summaryEnvelope(): Promise<object> {
    const answer = await this.rest.get('/api/dashboard')
    const [, epoch, revision] = /"(.+)\.(\d+)"/.exec(answer.headers()['etag'] ?? '') ?? []
    const { summary } = (await answer.json()) as { summary: object }
    const type = 'dashboard:summaryUpdated'
    return { eventId: `${epoch}.${revision}`, type, timestamp: '2025-01-01T00:00:00.000Z', payload: summary, revision: Number(revision), epoch }
  }

  id(title: string): string {
    const moc = this.mocs.get(title)
    if (moc === undefined) throw new Error(`no MOC ${title} was added`)
    return moc.id
  }

  private async send<T>(method: string, path: string, data?: object): Promise<T> {
    const answer = await this.rest.fetch(path, { method, data })
    expect(answer.ok(), `${method} ${path}: ${answer.status()} ${await answer.text()}`).toBe(true)
    return answer.status() === 204 ? (undefined as T) : ((await answer.json()) as T)
  }
}
