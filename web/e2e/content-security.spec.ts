import { expect, test } from './fixtures.ts'

test('nothing on any page is against the Content-Security-Policy', async ({ page, signIn }) => {
  const violations: string[] = []
  await page.exposeFunction('violated', (what: string) => violations.push(what))
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
      (globalThis as unknown as { violated(what: string): void }).violated(`${violatedDirective} ${blockedURI}`),
    )
  })
  // A cover from elsewhere, which does not load.
  await page.route('http://covers.example/**', (route) => route.abort())
  await signIn('careful')
  const added = await page.request.post('/api/mocs', {
    data: { title: 'Covered', theme: 'City', coverImageUrl: 'http://covers.example/a.jpg', parts: { total: 4, owned: 1, ordered: 1 } },
  })
  expect(added.status()).toBe(201)
  for (const path of ['/dashboard', '/mocs', '/mocs/new', new URL(added.headers()['location'] ?? '', 'http://x').pathname.replace('/api', ''), '/sets', '/wishlist', '/sign-in']) {
    const asked = path === '/dashboard' ? page.waitForRequest('http://covers.example/**') : undefined
    await page.goto(path)
    await expect(page.locator('h1')).toBeVisible()
    await expect(page.locator('.skeleton')).toHaveCount(0)
    expect((await asked)?.headers()['referer']).toBeUndefined()
    if (asked) await expect(page.locator('.recent-moc svg.placeholder')).toBeVisible()
  }
  expect(violations).toEqual([])

  await page.evaluate(() => document.body.insertAdjacentHTML('beforeend', '<p style="color: red"></p>'))
  await expect.poll(() => violations, 'the test sees violations').toHaveLength(1)
})
