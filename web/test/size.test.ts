import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { budget, dashboardScripts } from '../scripts/dashboard-size.mjs'

const dist = join(import.meta.dirname, '../../transport/webui/dist')

it('the JavaScript sent for /dashboard stays within its budget', () => {
  const scripts = dashboardScripts(dist)
  expect(scripts.length).toBeGreaterThan(1)
  expect(scripts.reduce((sum, script) => sum + script.gzipped, 0)).toBeLessThanOrEqual(budget)
})

it('the dashboard is a chunk of its own, loaded when it is visited', () => {
  const manifest = JSON.parse(readFileSync(join(dist, 'manifest.json'), 'utf8'))
  expect(manifest['index.html'].dynamicImports).toContain('src/features/dashboard/dashboard-page.tsx')
})
