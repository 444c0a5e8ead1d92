import config from './playwright.config.ts'

const { projects: _tests, ...shared } = config

/** Makes the pictures of README anew: `npm --prefix web run screenshots`, after `make build`. */
export default { ...shared, testDir: 'scripts', testMatch: '**/screenshots.ts', reporter: 'list', workers: 1 }
