import type { Page } from '@playwright/test'
import { expectAccessible } from './axe.ts'
import { expect, test, type SignIn } from './fixtures.ts'

/** Brings the page into a state; each is looked at light and dark, and at three widths. */
type State = (page: Page, signIn: SignIn) => Promise<void>

const states: Record<string, State> = {
  loading: async (page, signIn) => {
    await signIn()
    await page.route('**/api/dashboard', () => undefined) // never answered
    await page.goto('/dashboard')
    await expect(page.locator('.skeleton').first()).toBeVisible()
  },
  empty: async (page, signIn) => {
    await signIn('nobody')
    await page.goto('/dashboard')
    await expect(page.locator('.state')).toHaveCount(4)
  },
  full: async (page, signIn) => {
    await signIn()
    await page.goto('/dashboard')
    await expect(page.getByTestId('total-mocs-count')).toBeVisible()
  },
  'live after a change': async (page, signIn) => {
    await signIn('changing')
    await page.goto('/dashboard')
    await expect(page.getByTestId('connection-status')).toContainText('Live')
    const before = await page.locator('.recent-title').count()
    const added = await page.request.post('/api/mocs', { data: { title: 'Barn', theme: 'Farm', parts: { total: 10, owned: 5, ordered: 0 } } })
    expect(added.status()).toBe(201)
    await expect(page.locator('.recent-title')).toHaveCount(Math.min(10, before + 1))
  },
  degraded: async (page, signIn) => {
    await signIn()
    await page.clock.install()
    await page.route('**/socket.io/**', (route) => route.abort())
    await page.routeWebSocket('**/socket.io/**', (socket) => socket.close())
    await page.goto('/dashboard')
    const banner = page.getByTestId('degraded-mode-banner')
    await expect(async () => {
      await page.clock.runFor(31_000)
      await expect(banner).toBeVisible({ timeout: 250 })
    }).toPass({ timeout: 30_000 })
  },
  error: async (page, signIn) => {
    await signIn()
    await page.route('**/api/dashboard', (route) => route.fulfill({ status: 500, body: '' }))
    await page.goto('/dashboard')
    await expect(page.getByRole('button', { name: 'Try again' })).toHaveCount(4)
  },
  'signed out': async (page) => {
    await page.goto('/dashboard')
    await expect(page).toHaveURL(/\/sign-in\?next=/)
    await expect(page.getByRole('button', { name: 'Open the demo collection' })).toBeVisible()
  },
  'MOC form with errors': async (page, signIn) => {
    await signIn()
    await page.goto('/mocs/new')
    await page.getByLabel('Cover image address').fill('ftp://example.org')
    await page.getByRole('button', { name: 'Add MOC' }).click()
    await expect(page.locator('[aria-invalid=true]').first()).toBeFocused()
  },
}

for (const [name, bring] of Object.entries(states)) {
  test(`axe: ${name}`, async ({ page, signIn }) => {
    await page.emulateMedia({ reducedMotion: 'reduce' })
    await bring(page, signIn)
    for (const width of [320, 800, 1440]) {
      await page.setViewportSize({ width, height: 900 })
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
        await test.step(`${width} ${colorScheme}`, () => expectAccessible(page))
      }
    }
  })
}

test('axe: the other pages', async ({ page, signIn }) => {
  await signIn()
  const paths = ['/mocs', '/sets', '/wishlist', '/nothing']
  for (const path of paths) {
    await page.goto(path)
    await expect(page.locator('h1')).toBeVisible()
    await expect(page.locator('.skeleton')).toHaveCount(0)
    for (const width of [320, 1440]) {
      await page.setViewportSize({ width, height: 900 })
      await test.step(`${path} ${width}`, () => expectAccessible(page))
    }
  }
})

test('the keyboard alone reaches and does everything', async ({ page, signIn }) => {
  await signIn()
  await page.goto('/dashboard')
  await expect(page.getByTestId('total-mocs-count')).toBeVisible()
  const reached: string[] = []
  for (let n = 0; n < 80 && !reached.includes('Last updated'); n++) {
    await page.keyboard.press('Tab')
    reached.push(await page.evaluate(() => document.activeElement?.textContent?.trim() ?? ''))
    const seen = await page.evaluate(() => {
      const box = document.activeElement?.getBoundingClientRect()
      return box !== undefined && box.bottom > 0 && box.top < innerHeight && getComputedStyle(document.activeElement!).outlineStyle !== 'none'
    })
    expect(seen, `focus on ${reached.at(-1)} is seen`).toBe(true)
  }
  expect(reached).toEqual(expect.arrayContaining(['Skip to the content', 'Wishlist', 'Sign out', 'Pause updates', 'Refresh', 'Add New MOC', 'Last updated']))
})
