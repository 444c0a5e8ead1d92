import { defineConfig } from '@playwright/test'
import { defineBddConfig } from 'playwright-bdd'
import { browserPath } from './e2e/support/browser.ts'

const scenarios = defineBddConfig({
  featuresRoot: 'e2e/features',
  features: 'e2e/features/*.feature',
  steps: ['e2e/steps/*.steps.ts', 'e2e/support/fixtures.ts'],
})

export default defineConfig({
  outputDir: '../bin/e2e',
  timeout: 120_000,
  fullyParallel: true,
  workers: 2,
  expect: { timeout: 20_000 },
  reporter: [['dot'], ['json', { outputFile: '../bin/e2e-report.json' }]],
  use: {
    locale: 'en-GB',
    timezoneId: 'UTC',
    screenshot: 'only-on-failure',
    launchOptions: {
      ...browserPath(),
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
    },
  },
  projects: [
    { name: 'behaviour', testDir: scenarios },
    { name: 'crowded', testDir: 'e2e', testMatch: '**/crowded.spec.ts' },
  ],
})
