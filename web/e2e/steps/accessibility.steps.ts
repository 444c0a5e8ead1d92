import type { Page } from '@playwright/test'
import type { DataTable } from 'playwright-bdd'
import { expectAccessible, expectNothingSideways } from '../support/axe.ts'
import { Given, Then, When } from '../support/bdd.ts'
import { expect, test } from '../support/fixtures.ts'
import { expectLoaded } from '../support/pages.ts'

const enoughTabs = 100

Given('{collector} has a phone/screen of {int} pixels', async ({ pageOf }, name: string, width: number) => {
  await (await pageOf(name)).setViewportSize({ width, height: 844 })
})

Then("{collector}'s page is accessible", async ({ pageOf }, name: string) => {
  await expectAccessibleAt(await pageOf(name), [320, 800, 1440], ['light', 'dark'])
})

Then("{collector}'s page is accessible, narrow and wide", async ({ pageOf }, name: string) => {
  await expectAccessibleAt(await pageOf(name), [320, 1440], ['light'])
})

Then("nothing scrolls sideways on these pages of {collector}'s:", async ({ pageOf }, name: string, table: DataTable) => {
  const page = await pageOf(name)
  for (const [path = ''] of table.raw()) {
    await page.goto(path)
    await expectLoaded(page)
    await test.step(path, () => expectNothingSideways(page))
  }
})

Then("{collector}'s focus is on the first field with an error", async ({ pageOf }, name: string) => {
  await expect((await pageOf(name)).locator('[aria-invalid=true]').first()).toBeFocused()
})

Then("{collector}'s focus is on the title {string}", async ({ pageOf }, name: string, title: string) => {
  await expect((await pageOf(name)).getByRole('heading', { level: 1, name: title })).toBeFocused()
})

Then("{collector}'s focus is on the button {string}", async ({ pageOf }, name: string, button: string) => {
  await expect((await pageOf(name)).getByRole('button', { name: button })).toBeFocused()
})

Then('{collector} reaches these with Tab alone, and always sees where she is:', async ({ pageOf }, name: string, table: DataTable) => {
  const page = await pageOf(name)
  const wanted = table.raw().map(([what = '']) => what)
  const reached: string[] = []
  for (let n = 0; n < enoughTabs && !wanted.every((what) => reached.includes(what)); n++) {
    await page.keyboard.press('Tab')
    reached.push(await page.evaluate(() => document.activeElement?.textContent?.trim() ?? ''))
    expect(await page.evaluate(focusIsSeen), `focus on ${reached.at(-1)} is seen`).toBe(true)
  }
  expect(reached).toEqual(expect.arrayContaining(wanted))
})

When('{collector} goes to {string} with Tab and presses Enter', async ({ pageOf }, name: string, what: string) => {
  const page = await pageOf(name)
  await tabTo(page, what)
  await page.keyboard.press('Enter')
})

When('{collector} goes to {string} with Tab and types {string}', async ({ pageOf }, name: string, what: string, text: string) => {
  const page = await pageOf(name)
  await tabTo(page, what)
  await page.keyboard.type(text)
})

async function expectAccessibleAt(page: Page, widths: number[], colorSchemes: ('light' | 'dark')[]): Promise<void> {
  for (const width of widths) {
    await page.setViewportSize({ width, height: 900 })
    for (const colorScheme of colorSchemes) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      await test.step(`${width} ${colorScheme}`, () => expectAccessible(page))
    }
  }
}

async function tabTo(page: Page, name: string): Promise<void> {
  const there = page.getByRole('link', { name, exact: true }).or(page.getByRole('button', { name, exact: true })).or(page.getByLabel(name, { exact: true }))
  await expect(there).toBeVisible()
  for (let n = 0; n < enoughTabs; n++) {
    await page.keyboard.press('Tab')
    if (await there.evaluate((element) => element === document.activeElement)) return
  }
  throw new Error(`Tab does not lead to ${name}`)
}

function focusIsSeen(): boolean {
  const { activeElement } = document
  if (activeElement === null) return false
  const box = activeElement.getBoundingClientRect()
  return box.bottom > 0 && box.top < innerHeight && getComputedStyle(activeElement).outlineStyle !== 'none'
}
