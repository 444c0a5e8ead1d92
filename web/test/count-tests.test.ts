import { execFileSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const script = join(import.meta.dirname, '../scripts/count-tests.mjs')

/** What is printed for these reports. */
function printed(reports: Record<string, string>): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'reports-'))
  for (const [name, content] of Object.entries(reports)) writeFileSync(join(folder, name), content)
  return execFileSync(process.execPath, [script, folder], { encoding: 'utf8' }).trimEnd().split('\n')
}

const lines = (...events: object[]) => events.map((event) => JSON.stringify(event)).join('\n')
const pageReport = (...testResults: object[]) => JSON.stringify({ testResults })
const browserReport = (errors: object[], ...specs: object[]) => JSON.stringify({ suites: [{ title: 'outer', suites: [{ title: 'inner', specs }] }], errors })
const spec = (title: string, status: string, ...attachments: object[]) => ({ title, tests: [{ status, results: [{ attachments }] }] })
const test = (fullName: string, status: string) => ({ fullName, status })

it('tests that passed are counted for each suite, and in all', () => {
  const go = lines({ Action: 'pass', Package: 'p', Test: 'A' }, { Action: 'pass', Package: 'p', Test: 'A/b' }, { Action: 'pass', Package: 'p' })
  const page = pageReport({ name: 'a.test.ts', status: 'passed', assertionResults: [test('a', 'passed'), test('b', 'skipped')] })
  const browser = browserReport([], spec('s', 'expected'), spec('t', 'expected'), spec('u', 'expected'))
  expect(printed({ 'go-report.jsonl': go, 'vitest-report.json': page, 'e2e-report.json': browser })).toEqual([
    'Go: 2 passed, 0 failed',
    'Page: 1 passed, 0 failed',
    'Browser: 3 passed, 0 failed',
    '6 passed, 0 failed',
  ])
})

it('tests that failed or are flaky are named, with what they left behind', () => {
  const go = lines({ Action: 'fail', Package: 'p', Test: 'A' }, { Action: 'fail', Package: 'p' }, { Action: 'fail', Package: 'q' })
  const page = pageReport(
    { name: 'a.test.ts', status: 'failed', assertionResults: [test('a', 'failed'), test('b', 'passed')] },
    { name: 'b.test.ts', status: 'failed', assertionResults: [] },
  )
  const browser = browserReport([{ message: 'no browser' }], spec('s', 'unexpected', { name: 'screenshot', path: '/s.png' }, { name: 'note', body: '' }), spec('t', 'flaky'))
  expect(printed({ 'go-report.jsonl': go, 'vitest-report.json': page, 'e2e-report.json': browser })).toEqual([
    'Go: FAILED p A',
    'Go: FAILED q broke',
    'Page: FAILED a.test.ts a',
    'Page: FAILED b.test.ts broke',
    'Browser: FAILED outer › inner › s',
    '  /s.png',
    'Browser: FLAKY, passed when tried again: outer › inner › t',
    'Browser: FAILED no browser',
    'Go: 0 passed, 2 failed',
    'Page: 1 passed, 2 failed',
    'Browser: 1 passed, 2 failed',
    '2 passed, 6 failed',
  ])
})

it('a report that is missing, or torn, is a failure', () => {
  const go = lines({ Action: 'pass', Package: 'p', Test: 'A' })
  expect(printed({ 'go-report.jsonl': go, 'vitest-report.json': '{"testRes' }).slice(-4)).toEqual([
    'Go: 1 passed, 0 failed',
    'Page: 0 passed, 1 failed',
    'Browser: 0 passed, 1 failed',
    '1 passed, 2 failed',
  ])
})
