import type { Locator } from '@playwright/test'
import type { DataTable } from 'playwright-bdd'
import { Then } from '../support/bdd.ts'
import { expect } from '../support/fixtures.ts'

Then('{collector} sees these cards, and all of them filled:', async ({ pageOf }, name: string, table: DataTable) => {
  const page = await pageOf(name)
  const cards = page.locator('section.card')
  await expect(cards.getByRole('heading', { level: 2 })).toHaveText(column(table))
  await expect(page.locator('.skeleton')).toHaveCount(0)
  for (const card of await cards.all()) await expect(card.locator('dd, td, li, a').first()).toBeVisible()
})

Then('{collector} sees these totals:', async ({ pageOf }, name: string, table: DataTable) => {
  const card = (await pageOf(name)).getByTestId('collection-summary-card')
  for (const [label = '', count = ''] of table.raw()) {
    const total = card.locator('div').filter({ has: card.page().locator('dt', { hasText: exactly(label) }) }).last()
    await expect(total.locator('dd'), label).toHaveText(count)
  }
})

Then('{collector} sees these themes:', async ({ pageOf }, name: string, table: DataTable) => {
  await expectRows((await pageOf(name)).getByTestId('theme-breakdown-card').locator('tbody tr'), 'th, td', table)
})

Then('{collector} sees these recent MOCs:', async ({ pageOf }, name: string, table: DataTable) => {
  await expect((await pageOf(name)).getByTestId('recent-mocs-card').locator('.recent-title')).toHaveText(column(table))
})

Then('{collector} sees {int} recent MOCs', async ({ pageOf }, name: string, count: number) => {
  await expect((await pageOf(name)).getByTestId('recent-mocs-card').getByRole('link')).toHaveCount(count)
})

Then('{collector} sees these MOCs with partial parts:', async ({ pageOf }, name: string, table: DataTable) => {
  await expectRows((await pageOf(name)).getByTestId('partial-parts-table').locator('tbody tr'), '.column-title, .column-coverage', table)
})

Then('{collector} sees MOCs with partial parts', async ({ pageOf }, name: string) => {
  await expect((await pageOf(name)).getByTestId('partial-parts-table').getByRole('rowheader')).not.toHaveCount(0)
})

const column = (table: DataTable) => table.raw().map(([cell = '']) => cell)

/** These rows and no others, in this order. */
async function expectRows(rows: Locator, cells: string, table: DataTable): Promise<void> {
  const texts = () => rows.evaluateAll((all, cells) => all.map((row) => Array.from(row.querySelectorAll(cells), (cell) => cell.textContent)), cells)
  await expect.poll(texts).toEqual(table.raw())
}

const exactly = (text: string) => new RegExp(`^${text}$`)
