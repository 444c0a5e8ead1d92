import { expect, type Page } from '@playwright/test'
import { writeFileSync } from 'node:fs'
import { test as base } from 'playwright-bdd'
import { Collector } from './collector.ts'
import { Server } from './server.ts'

type TestFixtures = {
  /** That of the worker; of the scenario alone where it is tagged @own-server. */
  server: Server
  /** The collector of that name in this scenario: nobody else's, with a desk and a collection. */
  collector: (name: string) => Promise<Collector>
  /** The dashboard's window at the desk of the collector of that name. */
  pageOf: (name: string) => Promise<Page>
  /** Signs the page in as the demo's collector. */
  signIn: () => Promise<void>
  /** Keeps the server's log of a test that failed, and prints its end. */
  serverLog: void
}

/** A scenario tagged @clock can move the time of its pages on. */
export const test = base.extend<TestFixtures, { sharedServer: Server }>({
  sharedServer: [async ({}, use) => serve(use), { scope: 'worker', timeout: 120_000 }],

  server: async ({ sharedServer }, use, { tags }) => (tags.includes('@own-server') ? serve(use) : use(sharedServer)),

  serverLog: [
    async ({ server }, use, testInfo) => {
      await use()
      if (testInfo.status === testInfo.expectedStatus) return
      const path = testInfo.outputPath('server.log')
      writeFileSync(path, server.log.join('\n'))
      testInfo.attachments.push({ name: 'server log', contentType: 'text/plain', path })
      console.log(`\n"${testInfo.title}" failed. The server's last lines:\n${server.log.slice(-15).join('\n')}`)
    },
    { auto: true },
  ],

  collector: async ({ browser, server }, use, { tags }) => {
    const here = new Map<string, Promise<Collector>>()
    await use((name) => {
      const one = here.get(name) ?? Collector.arrive(name, { browser, server, clock: tags.includes('@clock') })
      here.set(name, one)
      return one
    })
    for (const one of here.values()) await (await one).leave()
  },

  pageOf: async ({ collector }, use) => use(async (name) => (await collector(name)).desk.page),

  baseURL: async ({ server }, use) => use(server.url),

  signIn: async ({ page }, use) => {
    await use(async () => {
      const answer = await page.request.post('/api/demo/session')
      if (!answer.ok()) throw new Error(`sign in: ${answer.status()}`)
    })
  },
})
export { expect }

async function serve(use: (server: Server) => Promise<void>): Promise<void> {
  const server = new Server()
  try {
    await server.start()
    await use(server)
  } finally {
    await server.remove()
  }
}
