import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

/** Bytes of gzipped JavaScript that a visitor of /dashboard may be sent. */
export const budget = 132 * 1024

/** The scripts of the entry and of the dashboard's chunk, with all that they import. */
export function dashboardScripts(dist) {
  const manifest = JSON.parse(readFileSync(join(dist, 'manifest.json'), 'utf8'))
  const files = new Set()
  const add = (key) => {
    const chunk = manifest[key]
    if (files.has(chunk.file)) return
    files.add(chunk.file)
    chunk.imports?.forEach(add)
  }
  add('index.html')
  add('src/features/dashboard/dashboard-page.tsx')
  return [...files].map((file) => ({ file, gzipped: gzipSync(readFileSync(join(dist, file)), { level: 9 }).length }))
}
