import { Given, Then, When } from '../support/bdd.ts'
import { expect } from '../support/fixtures.ts'

/** Longer than the longest wait between two tries to reconnect. */
const reconnected = { timeout: 60_000 }

When("{collector}'s line is cut", async ({ collector }, name: string) => (await collector(name)).desk.line.cut())

When("{collector}'s line is down", async ({ collector }, name: string) => (await collector(name)).desk.line.become('down'))

When("{collector}'s line is silent", async ({ collector }, name: string) => (await collector(name)).desk.line.become('silent'))

When("{collector}'s line is whole", async ({ collector }, name: string) => (await collector(name)).desk.line.become('whole'))

Given("{collector}'s line is without live connections", async ({ collector }, name: string) =>
  (await collector(name)).desk.line.become('without live connections'),
)

When("{collector}'s network is off", async ({ collector }, name: string) => {
  const { desk } = await collector(name)
  await desk.context.setOffline(true)
  desk.line.become('down')
})

When("{collector}'s network is on", async ({ collector }, name: string) => {
  const { desk } = await collector(name)
  desk.line.become('whole')
  await desk.context.setOffline(false)
})

When('the server is stopped', async ({ server }) => server.stop())

When('the server is started again', async ({ server }) => server.start())

When('{int} seconds pass for {collector}', async ({ collector }, seconds: number, name: string) => (await collector(name)).desk.pass(seconds))

Then("{collector}'s dashboard is {string}", async ({ pageOf }, name: string, status: string) => {
  await expect((await pageOf(name)).getByTestId('connection-status').locator('strong')).toHaveText(status, reconnected)
})

Then("{collector}'s dashboard says in how many seconds it tries again", async ({ pageOf }, name: string) => {
  await expect((await pageOf(name)).getByTestId('connection-status')).toHaveText(/^Reconnectingin \d+ s/)
})

Then("{collector}'s dashboard becomes {string} after {int} tries to reconnect", async ({ collector }, name: string, status: string, tries: number) => {
  const { line, page } = (await collector(name)).desk
  const before = line.webSockets
  await expect(async () => {
    await page.clock.runFor(1_000)
    await expect(page.getByTestId('connection-status').locator('strong')).toHaveText(status, { timeout: 250 })
  }).toPass(reconnected)
  expect(line.webSockets - before).toBe(tries)
})

/** Polling is the last that a try tries. After the fifth there are eight seconds until the next one. */
When("{collector}'s dashboard has just tried to reconnect, in vain", async ({ collector }, name: string) => {
  const { page } = (await collector(name)).desk
  let over = false
  page.on('requestfailed', (request) => (over ||= request.url().includes('transport=polling')))
  await expect(async () => {
    await page.clock.runFor(1_000)
    expect(over).toBe(true)
  }).toPass(reconnected)
})

Then("{collector}'s dashboard has connected {int} time(s)", async ({ collector }, name: string, times: number) => {
  const { line } = (await collector(name)).desk
  await expect.poll(() => line.webSockets, reconnected).toBe(times)
})
