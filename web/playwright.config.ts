import { defineConfig } from '@playwright/test'
import { browserPath } from './e2e/browser.ts'

export default defineConfig({
  testDir: 'e2e',
  timeout: 90_000,
  fullyParallel: true,
  workers: 2,
  expect: { timeout: 15_000 },
  reporter: [['dot'], ['json', { outputFile: '../bin/e2e-report.json' }]],
  use: {
    locale: 'en-GB',
    timezoneId: 'UTC',
    launchOptions: {
      ...browserPath(),
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
    },
  },
  projects: [
    { name: 'behaviour', testIgnore: '**/performance.spec.ts' },
    // Afterwards, alone: it measures time. What another program takes away is given back by another try.
    { name: 'performance', testMatch: '**/performance.spec.ts', dependencies: ['behaviour'], retries: 2 },
  ],
})
