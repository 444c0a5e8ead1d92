import { expect, type Page } from '@playwright/test'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa', 'best-practice']

type Axe = { run(of: unknown, options: unknown): Promise<{ violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] }> }

/** The page has no violation of WCAG 2.0 to 2.2, A and AA, or of best practice, and does not scroll sideways. */
export async function expectAccessible(page: Page): Promise<void> {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(source)
  const { violations } = await page.evaluate((values) => (globalThis as unknown as { axe: Axe }).axe.run(document, { runOnly: { type: 'tag', values } }), tags)
  expect(violations.map(({ id, nodes }) => ({ id, nodes: nodes.map((node) => `${node.html}\n${node.failureSummary}`) }))).toEqual([])
  expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0)
}

/** Neither the page nor anything on it is wider than there is room for it. */
export async function expectNothingSideways(page: Page): Promise<void> {
  const wide = await page.evaluate(() => {
    const scrolls = (element: Element) => element === document.documentElement || /auto|scroll/.test(getComputedStyle(element).overflowX)
    return Array.from(document.querySelectorAll('*'))
      .filter((element) => scrolls(element) && element.scrollWidth > element.clientWidth)
      .map((element) => element.outerHTML.slice(0, 80))
  })
  expect(wide).toEqual([])
}
