import { join } from 'node:path'
import { expect, it } from 'vitest'
import { budget, dashboardScripts } from '../scripts/dashboard-size.mjs'

it('the JavaScript sent for /dashboard stays within its budget', () => {
  const scripts = dashboardScripts(join(import.meta.dirname, '../../transport/webui/dist'))
  expect(scripts.length).toBeGreaterThan(1)
  expect(scripts.reduce((sum, script) => sum + script.gzipped, 0)).toBeLessThanOrEqual(budget)
})
