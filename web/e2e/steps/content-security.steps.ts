import type { DataTable } from 'playwright-bdd'
import { Given, Then, When } from '../support/bdd.ts'
import { expect } from '../support/fixtures.ts'
import { expectLoaded } from '../support/pages.ts'

const foreign = 'http://covers.example/**'

Given("violations of the policy on {collector}'s pages are noted", async ({ collector }, name: string) => {
  const { desk } = await collector(name)
  await desk.page.exposeFunction('violated', (what: string) => desk.violations.push(what))
  await desk.page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
      (globalThis as unknown as { violated(what: string): void }).violated(`${violatedDirective} ${blockedURI}`),
    )
  })
  await desk.page.route(foreign, (route) => route.abort())
})

When('{collector} opens the dashboard, which asks for the cover without a Referer', async ({ pageOf }, name: string) => {
  const page = await pageOf(name)
  const asked = page.waitForRequest(foreign)
  await page.goto('/dashboard')
  expect((await asked).headers()['referer']).toBeUndefined()
})

Then('{collector} sees a brick in place of the cover', async ({ pageOf }, name: string) => {
  await expect((await pageOf(name)).locator('.recent-moc svg.placeholder')).toBeVisible()
})

When('{collector} opens these pages, and that of {string}:', async ({ collector }, name: string, title: string, table: DataTable) => {
  const { desk, collection } = await collector(name)
  for (const path of [...table.raw().flat(), `/mocs/${collection.id(title)}`]) {
    await desk.page.goto(path)
    await expectLoaded(desk.page)
  }
})

Then("no violation of {collector}'s was noted", async ({ collector }, name: string) => {
  expect((await collector(name)).desk.violations).toEqual([])
})

Then("a violation of {collector}'s would be noted", async ({ collector }, name: string) => {
  const { page, violations } = (await collector(name)).desk
  await page.evaluate(() => document.body.insertAdjacentHTML('beforeend', '<p style="color: red"></p>'))
  await expect.poll(() => violations).toHaveLength(1)
})
