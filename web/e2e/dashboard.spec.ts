import { expect, test } from './fixtures.ts'

test('one click leads to a full dashboard', async ({ page }) => {
  await page.goto('/dashboard')
  await page.getByRole('button', { name: 'Open the demo collection' }).click()
  await expect(page.getByTestId('total-mocs-count')).toHaveText('60')
  await expect(page.getByTestId('wishlist-items-count')).toHaveText('12')
  await expect(page.getByTestId('recent-mocs-card').getByRole('link')).toHaveCount(10)
  await expect(page.getByTestId('partial-parts-table').getByRole('rowheader')).not.toHaveCount(0)
  expect(await page.evaluate(() => JSON.stringify([localStorage, sessionStorage, document.cookie]))).toBe('[{},{},""]')
})

test('what one window changes, another shows at once', async ({ page, context, signIn }) => {
  await signIn('twice')
  await page.goto('/dashboard')
  await expect(page.getByTestId('connection-status')).toContainText('Live')
  const other = await context.newPage()
  await other.goto('/mocs/new')
  await other.getByLabel('Title').fill('Lighthouse')
  await other.getByLabel('Theme').fill('Harbour')
  await other.getByLabel('Total').fill('10')
  await other.getByLabel('Ordered').fill('3')
  await other.getByRole('button', { name: 'Add MOC' }).click()
  await expect(page.getByTestId('recent-mocs-card')).toContainText('Lighthouse')
  await expect(page.getByTestId('total-mocs-count')).toHaveText('1')
  await expect(page.getByTestId('partial-parts-table')).toContainText('30%')

  await other.getByRole('button', { name: 'Delete' }).click()
  await other.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
  await expect(other).toHaveURL(/\/mocs$/)
  await expect(page.getByTestId('collection-summary-card')).toContainText('Add your first MOC')
})

test('sets and wishes are added and deleted', async ({ page, signIn }) => {
  await signIn('sets')
  await page.goto('/sets')
  await page.getByLabel('Set number').fill('10497-1')
  await page.getByLabel('Name').fill('Galaxy Explorer')
  await page.getByLabel('Theme').fill('Icons')
  await page.getByRole('button', { name: 'Add set' }).click()
  await page.getByRole('button', { name: 'One more of Galaxy Explorer' }).click()
  await expect(page.locator('.stepper-value')).toHaveText('2')
  await page.getByRole('button', { name: 'Delete Galaxy Explorer' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
  await expect(page.getByText('No sets yet')).toBeVisible()

  await page.goto('/wishlist')
  await page.getByLabel('Title').fill('Millennium Falcon')
  await page.getByRole('button', { name: 'Add wish' }).click()
  await expect(page.getByRole('rowheader', { name: 'Millennium Falcon' })).toBeVisible()
})

test('signing out in one tab signs out the others', async ({ page, context, signIn }) => {
  await signIn()
  await page.goto('/dashboard')
  const other = await context.newPage()
  await other.goto('/sets')
  await other.getByRole('button', { name: 'Sign out' }).click()
  await expect(page).toHaveURL(/\/sign-in/)
  await expect(page.getByTestId('total-mocs-count')).toHaveCount(0)
})

test('a poll without change is a 304 on the wire', async ({ page, signIn }) => {
  await signIn()
  const wire = await page.context().newCDPSession(page) // page.route would turn the browser's cache off
  await wire.send('Network.enable')
  const statuses: number[] = []
  wire.on('Network.responseReceivedExtraInfo', ({ statusCode, headers }) => {
    const etag = Object.entries(headers).find(([name]) => name.toLowerCase() === 'etag')?.[1]
    if (/^"[\w-]{16,}\.\d+"$/.test(etag ?? '')) statuses.push(statusCode)
  })
  await page.goto('/dashboard')
  await expect(page.getByTestId('total-mocs-count')).toBeVisible()
  await page.getByRole('button', { name: 'Refresh' }).click()
  await expect.poll(() => statuses.at(-1)).toBe(304)
})
