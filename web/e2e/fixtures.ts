import { test as base } from '@playwright/test'
import { startServer, type Server } from './server.ts'

/** Signs the page in as the given collector; without one, as the demo's. */
export type SignIn = (user?: string) => Promise<void>

/** One server per worker; each test has a browser context of its own. */
export const test = base.extend<{ signIn: SignIn }, { server: Server }>({
  server: [
    async ({}, use) => {
      const server = await startServer()
      await use(server)
      await server.stop()
    },
    { scope: 'worker', timeout: 120_000 },
  ],
  baseURL: async ({ server }, use) => use(server.url),
  signIn: async ({ page, server }, use) => {
    await use(async (user) => {
      const answer =
        user === undefined
          ? await page.request.post('/api/demo/session')
          : await page.request.post('/api/session', { headers: { Authorization: `Bearer ${server.token(user)}` } })
      if (!answer.ok()) throw new Error(`sign in: ${answer.status()}`)
    })
  },
})
export { expect } from '@playwright/test'
