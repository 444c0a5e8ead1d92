import type { Locator, Page } from '@playwright/test'
import type { DataTable } from 'playwright-bdd'
import { Then, When } from '../support/bdd.ts'
import { expect } from '../support/fixtures.ts'

/** What stands beside each other in one bar, or in the legend of one. */
const bars = [
  ['.part-ADDED', '.part-IN_PROGRESS', '.part-BUILT'],
  ['.part-NONE', '.part-PARTIAL_ORDERED', '.part-FULL_INVENTORY'],
  ['.part-mocs', '.part-sets'],
  ['.bar-track', '.bar-fill'],
]

When('{collector} prefers reduced motion', async ({ pageOf }, name: string) => (await pageOf(name)).emulateMedia({ reducedMotion: 'reduce' }))

When('{collector} forces her colours on the page', async ({ pageOf }, name: string) => (await pageOf(name)).emulateMedia({ forcedColors: 'active' }))

When('{collector} prints the page', async ({ pageOf }, name: string) => (await pageOf(name)).emulateMedia({ media: 'print' }))

Then("{collector}'s cards stand in {int} column(s)", async ({ pageOf }, name: string, columns: number) => {
  const lefts = await (await pageOf(name)).locator('section.card').evaluateAll((cards) => cards.map((card) => card.getBoundingClientRect().left))
  expect(new Set(lefts).size).toBe(columns)
})

Then("something moves on {collector}'s page", async ({ pageOf }, name: string) => expect(await moving(await pageOf(name))).not.toEqual([]))

Then("nothing moves on {collector}'s page", async ({ pageOf }, name: string) => expect(await moving(await pageOf(name))).toEqual([]))

Then("the parts of each bar on {collector}'s page are of different colours of hers", async ({ pageOf }, name: string) => {
  const page = await pageOf(name)
  const hers = await page.evaluate(systemColours)
  for (const parts of bars) {
    const colours = await Promise.all(parts.map((part) => coloursOf(page.locator(part))))
    expect(colours.map(({ length }) => length), `one colour for each of ${parts.join()}`).toEqual(parts.map(() => 1))
    expect(new Set(colours.flat()).size, `different colours for ${parts.join()}`).toBe(parts.length)
    expect(hers).toEqual(expect.arrayContaining(colours.flat()))
  }
})

Then("of {collector}'s menu only {string} is framed", async ({ pageOf }, name: string, place: string) => {
  const framed = (links: Element[]) => links.filter((link) => getComputedStyle(link).outlineStyle !== 'none').map((link) => link.textContent)
  expect(await (await pageOf(name)).getByRole('navigation').getByRole('link').evaluateAll(framed)).toEqual([place])
})

Then("{collector}'s table of partial parts scrolls", async ({ pageOf }, name: string) => {
  await expect.poll(async () => hidden(await pageOf(name))).toBeGreaterThan(0)
})

Then("{collector}'s table of partial parts is whole", async ({ pageOf }, name: string) => {
  await expect.poll(async () => hidden(await pageOf(name))).toBe(0)
})

Then("{collector}'s page has these headings:", async ({ pageOf }, name: string, table: DataTable) => {
  await expect((await pageOf(name)).getByRole('heading')).toHaveText(table.raw().flat())
})

Then("there is nothing to press on {collector}'s page but {string}", async ({ pageOf }, name: string, buttons: string) => {
  await expect((await pageOf(name)).getByRole('button')).toHaveText(buttons.split(', '))
})

/** What is animated or changes in a transition, or would. */
const moving = (page: Page): Promise<string[]> =>
  page.locator('*').evaluateAll((all) => {
    const moves = ({ animationName, transitionDuration }: CSSStyleDeclaration) => animationName !== 'none' || transitionDuration !== '0s'
    const parts = [undefined, '::before', '::after']
    return all.filter((element) => parts.some((part) => moves(getComputedStyle(element, part)))).map((element) => element.outerHTML.slice(0, 80))
  })

/** The colours that fill these, each once. */
const coloursOf = (parts: Locator): Promise<string[]> =>
  parts.evaluateAll((all) => {
    const colour = (part: Element) => getComputedStyle(part)[part instanceof SVGElement ? 'fill' : 'backgroundColor']
    return [...new Set(all.map(colour))]
  })

function systemColours(): string[] {
  const probe = document.body.appendChild(document.createElement('i'))
  probe.style.setProperty('forced-color-adjust', 'none')
  const colours = ['CanvasText', 'LinkText', 'GrayText'].map((colour) => {
    probe.style.color = colour
    return getComputedStyle(probe).color
  })
  probe.remove()
  return colours
}

/** How many pixels of the table have to be scrolled to. */
const hidden = (page: Page): Promise<number> => page.locator('.parts-scroller').evaluate((scroller) => scroller.scrollHeight - scroller.clientHeight)
