// Puts a gzip and a brotli copy beside every built asset, and says what JavaScript a visitor of /dashboard is sent.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

const dist = fileURLToPath(new URL('../../transport/webui/dist/', import.meta.url))

for (const name of readdirSync(join(dist, 'assets'))) {
  const path = join(dist, 'assets', name)
  if (!statSync(path).isFile()) continue
  const content = readFileSync(path)
  writeFileSync(`${path}.gz`, gzipSync(content, { level: 9 }))
  writeFileSync(`${path}.br`, brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }))
}

const { dashboardScripts, budget } = await import('./dashboard-size.mjs')
const scripts = dashboardScripts(dist)
const total = scripts.reduce((sum, script) => sum + script.gzipped, 0)
for (const { file, gzipped } of scripts) console.log(`${(gzipped / 1024).toFixed(1).padStart(7)} KiB  ${file}`)
console.log(`${(total / 1024).toFixed(1).padStart(7)} KiB  of JavaScript for /dashboard, gzipped; the budget is ${budget / 1024} KiB`)
