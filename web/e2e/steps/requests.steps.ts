import type { Page } from '@playwright/test'
import { Then } from '../support/bdd.ts'
import { expect } from '../support/fixtures.ts'
import { press } from '../support/pages.ts'

const etagOfDashboard = /^"[\w-]{16,}\.\d+"$/

Then("{collector}'s {string} is answered with {int}", async ({ pageOf }, name: string, what: string, status: number) => {
  const page = await pageOf(name)
  const statuses = await statusesOfDashboard(page)
  await press(page, what)
  await expect.poll(() => statuses.at(-1)).toBe(status)
})

Then("{collector}'s dashboard, fetched in the next {int} seconds, is answered with {int}", async ({ collector }, name: string, seconds: number, status: number) => {
  const { desk } = await collector(name)
  const statuses = await statusesOfDashboard(desk.page)
  await desk.pass(seconds)
  await expect.poll(() => [...new Set(statuses)]).toEqual([status])
})

/** What the dashboard is answered with from now on, on the wire. */
async function statusesOfDashboard(page: Page): Promise<number[]> {
  const wire = await page.context().newCDPSession(page) // page.route would turn the browser's cache off
  await wire.send('Network.enable')
  const statuses: number[] = []
  wire.on('Network.responseReceivedExtraInfo', ({ statusCode, headers }) => {
    const etag = Object.entries(headers).find(([header]) => header.toLowerCase() === 'etag')?.[1]
    if (etagOfDashboard.test(etag ?? '')) statuses.push(statusCode)
  })
  return statuses
}
