// Sums the tests of all that ran, from the reports in a folder (bin, if none is named): names those that failed or
// passed only when tried again, then a line of counts for each suite, and last the sum, "N passed, N failed". A report
// that is not there, or a package of tests that broke, is a failure: whatever should have passed there did not.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const folder = process.argv[2] ?? fileURLToPath(new URL('../../bin/', import.meta.url))

/** Suites, their reports, and how to read those into tests: { name, failed, flaky, files that it left to look into }. */
const readers = [
  ['Go', 'go-report.jsonl', goTests],
  ['Page', 'vitest-report.json', pageTests],
  ['Browser', 'e2e-report.json', browserTests],
]

function goTests(text) {
  const events = text.split('\n').filter(Boolean).map((line) => JSON.parse(line))
  const ended = events.filter(({ Action, Test }) => Test && Action !== 'skip')
  const tests = ended.map(({ Action, Package, Test }) => ({ name: `${Package} ${Test}`, failed: Action === 'fail' }))
  const guilty = new Set(ended.filter(({ Action }) => Action === 'fail').map(({ Package }) => Package))
  const broken = events.filter(({ Action, Package, Test }) => Action === 'fail' && !Test && !guilty.has(Package))
  return [...tests, ...broken.map(({ Package }) => ({ name: `${Package} broke`, failed: true }))]
}

function pageTests(text) {
  return JSON.parse(text).testResults.flatMap(({ name: file, status, assertionResults }) => {
    const ran = assertionResults.filter((test) => test.status === 'passed' || test.status === 'failed')
    const tests = ran.map((test) => ({ name: `${file} ${test.fullName}`, failed: test.status === 'failed' }))
    return status === 'failed' && !tests.some(({ failed }) => failed) ? [...tests, { name: `${file} broke`, failed: true }] : tests
  })
}

function browserTests(text) {
  const { suites, errors } = JSON.parse(text)
  const inSuite = (above) => (suite) => {
    const path = [...above, suite.title]
    const ran = ({ title, tests }) => tests.filter(({ status }) => status !== 'skipped').map(browserTest([...path, title].join(' › ')))
    return [...(suite.specs ?? []).flatMap(ran), ...(suite.suites ?? []).flatMap(inSuite(path))]
  }
  return [...suites.flatMap(inSuite([])), ...errors.map(({ message }) => ({ name: message, failed: true }))]
}

const browserTest = (name) => ({ status, results }) => ({
  name,
  failed: status === 'unexpected',
  flaky: status === 'flaky',
  files: results.flatMap(({ attachments }) => attachments.map(({ path }) => path)).filter(Boolean),
})

function testsOf(report, read) {
  try {
    return read(readFileSync(join(folder, report), 'utf8'))
  } catch {
    return [{ name: `bin/${report} is missing or not a report`, failed: true }]
  }
}

const counts = (tests) => {
  const failed = tests.filter((test) => test.failed).length
  return `${tests.length - failed} passed, ${failed} failed`
}

const suites = readers.map(([suite, report, read]) => [suite, testsOf(report, read)])
for (const [suite, tests] of suites) {
  for (const { name, failed, flaky, files = [] } of tests) {
    if (failed || flaky) console.log([`${suite}: ${failed ? 'FAILED' : 'FLAKY, passed when tried again:'} ${name}`, ...files].join('\n  '))
  }
}
for (const [suite, tests] of suites) console.log(`${suite}: ${counts(tests)}`)
console.log(counts(suites.flatMap(([, tests]) => tests)))
