import type { Page } from '@playwright/test'
import { expect, test } from './support/fixtures.ts'

type Measured = { shift: number; longest: number }

const rows = 1_000
const updates = 100
const during = 5_000

// How long frames took is noted, for `make bench`: a machine that does something else drops frames that are not the page's.
test(`${updates} updates in ${during} ms over ${rows} rows move nothing`, async ({ page, signIn }, { annotations }) => {
  await signIn()
  const view = crowded()
  const server = await fakeLive(page, view)
  await page.goto('/dashboard')
  await expect(page.getByTestId('connection-status')).toContainText('Live')
  const row = page.getByTestId('partial-parts-table').getByRole('rowheader').nth(3).getByRole('link')
  await row.scrollIntoViewIfNeeded()
  await row.focus()
  await expect(row).toBeFocused()

  await measure(page)
  await expect.poll(() => measured(page, 30).then(({ shift }) => shift)).toBe(0) // what the load itself moved is not counted
  const before = await row.boundingBox()
  const idle = await measured(page, 150)
  await server.update(updates, during)
  await expect(page.getByTestId('total-mocs-count')).toHaveText((rows + updates).toLocaleString('en-GB'))
  const busy = await measured(page, 5)

  for (const [type, value] of Object.entries({ shift: busy.shift, longest: busy.longest, idle: idle.longest })) {
    annotations.push({ type, description: String(value) })
  }
  expect(busy.shift).toBeLessThanOrEqual(0.01)
  await expect(row).toBeFocused()
  expect(await row.boundingBox()).toEqual(before)
})

/** Begins to measure layout shifts and the times between frames. */
function measure(page: Page) {
  return page.evaluate(() => {
    const measured = { shift: 0, longest: 0 }
    Object.assign(globalThis, { measured })
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as (PerformanceEntry & { value: number })[]) measured.shift += entry.value
    }).observe({ type: 'layout-shift' })
    let last = performance.now()
    requestAnimationFrame(function frame() {
      const now = performance.now()
      measured.longest = Math.max(measured.longest, now - last)
      last = now
      requestAnimationFrame(frame)
    })
  })
}

/** What was measured since the last time, when so many more frames were shown. */
function measured(page: Page, frames: number): Promise<Measured> {
  return page.evaluate(async (frames) => {
    for (let n = 0; n < frames; n++) await new Promise(requestAnimationFrame)
    const { measured } = globalThis as unknown as { measured: Measured }
    const so = { ...measured }
    Object.assign(measured, { shift: 0, longest: 0 })
    return so
  }, frames)
}

const epoch = 'crowded-epoch-0123456789'
const id = (n: number) => `019a8e5c-7b1d-7c3a-9f42-${n.toString(16).padStart(12, '0')}`
const time = (n: number) => new Date(Date.UTC(2025, 0, 1) + n * 60_000).toISOString()
const themes = ['Castle', 'City', 'Space', 'Technic', 'Trains']
const statuses = ['ADDED', 'IN_PROGRESS', 'BUILT'] as const

const recent = (n: number) => ({ id: id(n), title: `MOC number ${n}`, theme: themes[n % 5]!, buildStatus: statuses[n % 3]!, coverImageUrl: null, createdAt: time(n) })
const partial = (n: number, changed = n) => ({ id: id(n), title: `MOC number ${n}`, theme: themes[n % 5]!, buildStatus: statuses[n % 3]!, coveragePercentage: (n * 7 + changed) % 100, lastUpdatedAt: time(changed) })
const summary = (total: number) => ({
  totalMocs: total,
  totalWishlistItems: 12,
  mocsByBuildStatus: { ADDED: total - 20, IN_PROGRESS: 10, BUILT: 10 },
  mocsByCoverageStatus: { FULL_INVENTORY: 0, PARTIAL_ORDERED: total, NONE: 0 },
})
const breakdown = (n: number) => themes.map((theme, at) => ({ theme, mocCount: 200 + (at === n % 5 ? n : 0), setCount: at }))

function crowded() {
  const all = Array.from({ length: rows }, (_, n) => rows - n)
  return { summary: summary(rows), themeBreakdown: breakdown(0), recentMocs: all.slice(0, 10).map(recent), partialPartsMocs: all.map((n) => partial(n)) }
}

/** Plays snapshot and socket, so that the updates come at the pace that the test wants. */
async function fakeLive(page: Page, view: object) {
  await page.route('**/api/dashboard', (route) => route.fulfill({ json: view, headers: { ETag: `"${epoch}.1"` } }))
  let send: (text: string) => void = () => undefined
  await page.routeWebSocket('**/socket.io/**', (socket) => {
    send = (text) => socket.send(text)
    socket.send(`0${JSON.stringify({ sid: 'a', upgrades: [], pingInterval: 25_000, pingTimeout: 20_000, maxPayload: 65_536 })}`)
    socket.onMessage((message) => {
      if (String(message).startsWith('40/dashboard,')) socket.send('40/dashboard,{"sid":"b","pid":"p"}')
    })
  })
  const tell = (type: string, payload: unknown, revision: number, more = {}) =>
    send(`42/dashboard,${JSON.stringify([type, { eventId: `${type}-${revision}`, type, timestamp: time(0), payload, revision, epoch, ...more }])}`)
  return {
    update: async (count: number, ms: number) => {
      const begun = Date.now()
      for (let n = 1; n <= count; n++) {
        const revision = n + 1
        tell('dashboard:summaryUpdated', summary(rows + n), revision)
        tell('dashboard:themeBreakdownUpdated', breakdown(n), revision)
        tell('dashboard:recentMocAdded', recent(rows + n), revision, { previous: n })
        const upserted = [partial(rows + n), partial(rows - (n % 40), rows + n)]
        tell('dashboard:partialPartsChanged', { upserted, removed: n % 10 === 0 ? [id(rows - 500 - n)] : [] }, revision, { previous: n })
        await new Promise((resolve) => setTimeout(resolve, Math.max(0, begun + (n * ms) / count - Date.now())))
      }
    },
  }
}
