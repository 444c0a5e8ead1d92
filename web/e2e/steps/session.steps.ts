import type { Collector } from '../support/collector.ts'
import { Given, Then, When } from '../support/bdd.ts'
import { expect } from '../support/fixtures.ts'
import { fillIn, press } from '../support/pages.ts'

Given('{collector} is signed in', async ({ collector }, name: string) => (await collector(name)).signIn())

Given('{collector} is signed in for {int} seconds', async ({ collector }, name: string, seconds: number) => (await collector(name)).signIn(seconds))

When("{collector}'s session is renewed", async ({ collector }, name: string) => (await collector(name)).signIn())

/** Signed in, where that has not been done in another way, and before an open dashboard that is live. */
Given('{collector} watches the dashboard', async ({ collector, pageOf }, name: string) => {
  const one = await collector(name)
  const page = await pageOf(name)
  if ((await page.context().cookies()).length === 0) await one.signIn()
  await page.goto('/dashboard')
  await expect(page.getByTestId('connection-status').locator('strong')).toHaveText('Live')
})

When('{collector} signs in with a token', async ({ collector }, name: string) => signInByHand(await collector(name)))

When("{collector} signs in with a token at {collector}'s desk", async ({ collector }, name: string, host: string) => {
  const guest = await collector(name)
  guest.desk = (await collector(host)).desk
  await signInByHand(guest)
})

When('{collector} signs out in another window', async ({ collector }, name: string) => {
  const window = await (await collector(name)).desk.otherWindow()
  await window.goto('/sets')
  await press(window, 'Sign out')
})

Then("{collector}'s browser is told {string}", async ({ collector }, name: string, text: string) => {
  const { told } = (await collector(name)).desk
  await expect.poll(() => told.some((message) => message.includes(text)), { timeout: 60_000 }).toBe(true)
})

Then("{collector}'s browser was never told {string}", async ({ collector }, name: string, text: string) => {
  const { told } = (await collector(name)).desk
  expect(told.filter((message) => message.includes(text))).toEqual([])
  expect(told, 'it was told something').not.toEqual([])
})

Then("{collector}'s page asks the server nothing in {int} seconds", async ({ collector }, name: string, seconds: number) => {
  const { desk } = await collector(name)
  const before = desk.asked
  await desk.pass(seconds)
  expect(desk.asked).toBe(before)
})

Then("no script of {collector}'s page can read a credential", async ({ pageOf }, name: string) => {
  const readable = await (await pageOf(name)).evaluate(() => JSON.stringify([localStorage, sessionStorage, document.cookie]))
  expect(readable).toBe('[{},{},""]')
})

async function signInByHand(collector: Collector): Promise<void> {
  const { page } = collector.desk
  await fillIn(page, { Token: collector.token() })
  await press(page, 'Sign in')
}
