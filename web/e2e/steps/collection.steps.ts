import type { DataTable } from 'playwright-bdd'
import { Given, When } from '../support/bdd.ts'

Given('{collector} has/adds these MOCs( elsewhere):', async ({ collector }, name: string, table: DataTable) => {
  const { collection } = await collector(name)
  for (const row of table.hashes()) await collection.addMoc(row)
})

Given('{collector} has/adds these sets( elsewhere):', async ({ collector }, name: string, table: DataTable) => {
  const { collection } = await collector(name)
  for (const row of table.hashes()) await collection.addSet(row)
})

Given('{collector} has/adds these wishlist items( elsewhere):', async ({ collector }, name: string, table: DataTable) => {
  const { collection } = await collector(name)
  for (const row of table.hashes()) await collection.addWishlistItem(row)
})

When(
  '{collector} counts the parts of {string} elsewhere: {int} owned and {int} ordered of {int}',
  async ({ collector }, name: string, title: string, owned: number, ordered: number, total: number) =>
    (await collector(name)).collection.countParts(title, { total, owned, ordered }),
)

When('{collector} moves the MOC {string} elsewhere to the theme {string}', async ({ collector }, name: string, title: string, theme: string) =>
  (await collector(name)).collection.moveMoc(title, theme),
)

When('{collector} deletes the MOC {string} elsewhere', async ({ collector }, name: string, title: string) =>
  (await collector(name)).collection.deleteMoc(title),
)
