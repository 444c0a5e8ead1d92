// Opens pages in a headless browser and says when the number on them was painted: a line of JSON each time, with the
// page's name, the number, and the time in milliseconds since 1970. A first line says that the pages are there. It ends
// with its input.
import { chromium } from '@playwright/test'

const { executablePath, pages } = JSON.parse(process.argv[2])
const args = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking', '--disable-component-update', '--disable-sync']
const browser = await chromium.launch({ executablePath, args })
const say = (line) => console.log(JSON.stringify(line))

for (const { name, url, session, selector, text } of pages) {
  const context = await browser.newContext({ locale: 'en-GB' })
  if (session) {
    const answer = await context.request.post(new URL('/api/session', url).href, { headers: { Authorization: `Bearer ${session}` } })
    if (!answer.ok()) throw new Error(`sign in: ${answer.status()}`)
  }
  const page = await context.newPage()
  await page.exposeFunction('painted', (number, at) => say({ page: name, number, at }))
  await page.addInitScript(watch, selector)
  await page.goto(url)
  if (text) await page.getByText(text, { exact: true }).first().waitFor()
  await page.locator(selector).waitFor()
}
say({ ready: true })
process.stdin.resume().on('end', () => browser.close())

/** Runs in the page. What is posted in an animation frame comes when the page has painted that frame. */
function watch(selector) {
  let last = ''
  const { port1, port2 } = new MessageChannel()
  port1.onmessage = ({ data }) => globalThis.painted(data, Date.now() + 1) // a millisecond that has begun counts
  new MutationObserver(() => {
    const text = document.querySelector(selector)?.textContent ?? ''
    if (text === last) return
    last = text
    requestAnimationFrame(() => port2.postMessage(Number(text.replace(/\D/g, ''))))
  }).observe(document, { childList: true, characterData: true, subtree: true })
}
