import { test } from '../e2e/fixtures.ts'
const what = (process.env.WHAT ?? 'dashboard').split(',')
for (const w of what) for (const scheme of ['light','dark'] as const) for (const width of (process.env.WIDTHS??'390,800,1440').split(',').map(Number)) {
  test(`${w} ${scheme} ${width}`, async ({browser, server}) => {
  const c = await browser.newContext({viewport:{width,height:900}, colorScheme: scheme, locale:'en-GB', baseURL: server.url})
  const p = await c.newPage()
  p.on('console', m => ['error','warning'].includes(m.type()) && console.log(scheme, width, m.text()))
  p.on('pageerror', e => console.log('PAGEERROR', e.message))
  if (w === 'empty') await c.request.post(server.url+'/api/session',{headers:{Authorization:'Bearer '+server.token('nobody')}})
  else if (w !== 'sign-in') await c.request.post(server.url+'/api/demo/session')
  const path = w==='empty'||w==='degraded'?'dashboard':w==='moc'?'mocs':w
  if (w==='degraded') await p.route('**/socket.io/**', r=>r.abort())
  await p.goto('/'+path); await p.waitForTimeout(w==='degraded'?22000:1500)
  if (w==='moc') { await p.locator('.gallery a').first().click(); await p.waitForTimeout(800) }
  await p.screenshot({path:`/tmp/shots/${w.replace('/','-')}-${scheme}-${width}.png`, fullPage:true})
  await c.close()
  })
}
