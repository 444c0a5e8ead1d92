import type { DataTable } from 'playwright-bdd'
import { Given, Then, When } from '../support/bdd.ts'
import { expect } from '../support/fixtures.ts'
import { confirm, expectLoaded, fillIn, press } from '../support/pages.ts'

Given("{collector}'s dashboard is never answered", async ({ pageOf }, name: string) => {
  await (await pageOf(name)).route('**/api/dashboard', () => undefined)
})

Given("{collector}'s dashboard is answered with an error", async ({ pageOf }, name: string) => {
  await (await pageOf(name)).route('**/api/dashboard', (route) => route.fulfill({ status: 500, body: '' }))
})

When('{collector} opens the dashboard', async ({ pageOf }, name: string) => {
  await (await pageOf(name)).goto('/dashboard')
})

When('{collector} opens {string}', async ({ pageOf }, name: string, path: string) => {
  const page = await pageOf(name)
  await page.goto(path)
  await expectLoaded(page)
})

When("{collector} opens the page of {collector}'s MOC {string}", async ({ collector, pageOf }, name: string, other: string, title: string) => {
  const { collection } = await collector(other)
  await (await pageOf(name)).goto(`/mocs/${collection.id(title)}`)
})

When('{collector} presses {string}', async ({ pageOf }, name: string, what: string) => press(await pageOf(name), what))

When('{collector} confirms {string}', async ({ pageOf }, name: string, what: string) => confirm(await pageOf(name), what))

When('{collector} fills in:', async ({ pageOf }, name: string, table: DataTable) => fillIn(await pageOf(name), table.rowsHash()))

When('{collector} adds a MOC in another window:', async ({ collector }, name: string, table: DataTable) => {
  const window = await (await collector(name)).desk.otherWindow()
  await window.goto('/mocs/new')
  await fillIn(window, table.rowsHash())
  await press(window, 'Add MOC')
})

When('{collector} deletes it in the other window', async ({ collector }, name: string) => {
  const window = await (await collector(name)).desk.otherWindow()
  await press(window, 'Delete')
  await confirm(window, 'Delete')
})

Then('{collector} sees {string}', async ({ pageOf }, name: string, text: string) => {
  await expect((await pageOf(name)).getByText(text).first()).toBeVisible()
})

Then('{collector} does not see {string}', async ({ pageOf }, name: string, text: string) => {
  await expect((await pageOf(name)).getByText(text)).toHaveCount(0)
})

Then('{collector} sees {int} times {string}', async ({ pageOf }, name: string, times: number, text: string) => {
  await expect((await pageOf(name)).getByText(text)).toHaveCount(times)
})

Then('{collector} sees that something loads', async ({ pageOf }, name: string) => {
  await expect((await pageOf(name)).locator('.skeleton').first()).toBeVisible()
})

Then('{collector} is on the page {string} with the title {string}', async ({ pageOf }, name: string, path: string, title: string) => {
  const page = await pageOf(name)
  await expect.poll(() => new URL(page.url()).pathname).toBe(path)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(title)
})

Then("{collector}'s page was loaded once", async ({ collector }, name: string) => {
  expect((await collector(name)).desk.loads).toBe(1)
})

Then('{collector} has {int} of the set {string}', async ({ pageOf }, name: string, count: number, set: string) => {
  const row = (await pageOf(name)).getByRole('row').filter({ hasText: set })
  await expect(row.locator('.stepper-value')).toHaveText(String(count))
})
