// Sums the tests of all that ran, from the reports in bin, into one line: "N passed, N failed". A report that is not
// there is a failure: whatever should have written it broke.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const bin = fileURLToPath(new URL('../../bin/', import.meta.url))
const read = (name) => readFileSync(bin + name, 'utf8')

const reports = {
  'go-test-counts': (text) => text.match(/\d+/g).map(Number),
  'vitest-report.json': (text) => {
    const { numPassedTests, numFailedTests, numFailedTestSuites, testResults } = JSON.parse(text)
    const broken = testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0).length
    return [numPassedTests, numFailedTests + Math.min(broken, numFailedTestSuites)]
  },
  'e2e-report.json': (text) => {
    const { stats, errors } = JSON.parse(text)
    return [stats.expected + stats.flaky, stats.unexpected + errors.length]
  },
}

let passed = 0
let failed = 0
for (const [name, count] of Object.entries(reports)) {
  try {
    const [good, bad] = count(read(name))
    passed += good
    failed += bad
  } catch {
    failed++
    console.error(`bin/${name} is missing or not a report: counted as a failure`)
  }
}
console.log(`${passed} passed, ${failed} failed`)
