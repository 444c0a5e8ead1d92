import { expect, test } from '../e2e/support/fixtures.ts'

const images = `${import.meta.dirname}/../../docs/images`

const pictures = [
  { name: 'dashboard-light', path: '/dashboard', width: 1440, height: 1250, colorScheme: 'light' },
  { name: 'dashboard-dark', path: '/dashboard', width: 1440, height: 1250, colorScheme: 'dark' },
  { name: 'dashboard-narrow', path: '/dashboard', width: 390, height: 1250, colorScheme: 'light' },
  { name: 'gallery', path: '/mocs', width: 1440, height: 900, colorScheme: 'light' },
] as const

for (const { name, path, width, height, colorScheme } of pictures) {
  test(name, async ({ page, signIn }) => {
    await signIn()
    await page.setViewportSize({ width, height })
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await page.goto(path)
    if (path === '/dashboard') await expect(page.getByTestId('connection-status')).toContainText('Live')
    await expect(page.locator('.skeleton')).toHaveCount(0)
    await page.screenshot({ path: `${images}/${name}.png` })
  })
}
