import { defineConfig } from '@playwright/test'
import { browserPath } from './e2e/browser.ts'

export default defineConfig({
  testDir: 'e2e',
  timeout: 60_000,
  fullyParallel: true,
  workers: 2,
  expect: { timeout: 15_000 },
  reporter: [['list'], ['json', { outputFile: '../bin/e2e-report.json' }]],
  use: {
    locale: 'en-GB',
    timezoneId: 'UTC',
    launchOptions: {
      ...browserPath(),
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
    },
  },
})
