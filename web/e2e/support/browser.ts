import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome']

/** An installed Chromium or Chrome; {} where there is none: then Playwright's own. */
export function browserPath(): { executablePath?: string } {
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  const found = names.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => existsSync(path))
  return found === undefined ? {} : { executablePath: found }
}
