import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { expect, it } from 'vitest'

const script = join(import.meta.dirname, '../scripts/chromium.sh')
const tools = ['cat', 'chmod', 'dirname', 'mktemp', 'rm', 'sh', 'tail']

/** A machine that has these commands only: each notes how it was called, then does what its script says. */
function machine(commands: Record<string, string>) {
  const bin = mkdtempSync(join(tmpdir(), 'machine-'))
  const calls = join(bin, 'calls')
  for (const tool of tools) {
    const folder = (process.env['PATH'] ?? '').split(delimiter).find((folder) => existsSync(join(folder, tool)))
    symlinkSync(join(folder ?? '', tool), join(bin, tool))
  }
  const flock = 'shift; exec "$@"'
  for (const [name, body] of Object.entries({ flock, ...commands })) {
    const noted = name === 'id' || name === 'flock' ? '' : `echo ${name} "$@" >> '${calls}'\n`
    writeFileSync(join(bin, name), `#!/bin/sh\n${noted}${body.replaceAll('BIN', bin)}\n`, { mode: 0o755 })
  }
  const { status, stderr } = spawnSync(script, { env: { PATH: bin }, encoding: 'utf8' })
  return { status, stderr, calls: existsSync(calls) ? readFileSync(calls, 'utf8').trimEnd().split('\n') : [] }
}

const root = 'echo 0'
const user = 'echo 1000'
const installs = 'case "$*" in *install*) echo "#!/bin/sh" > BIN/chromium; chmod +x BIN/chromium;; esac'
const apt = (what: string) => `apt-get -y -o DPkg::Lock::Timeout=600 ${what}`
const install = apt('install --no-install-recommends chromium')
const tried = expect.stringMatching(/^node -e .*launch/)

it('a browser that is there is taken', () => {
  expect(machine({ id: root, 'google-chrome': '', 'apt-get': 'exit 1' })).toMatchObject({ status: 0, calls: [] })
})

it('an administrator of Debian gets its package', () => {
  expect(machine({ id: root, 'apt-get': installs, npx: 'exit 1' })).toMatchObject({ status: 0, calls: [install] })
})

it('lists of packages are fetched where they are old', () => {
  const fresh = `case "$*" in *update*) : > BIN/fresh;; esac; [ -e BIN/fresh ] || exit 100\n${installs}`
  expect(machine({ id: root, 'apt-get': fresh })).toMatchObject({ status: 0, calls: [install, apt('update'), install] })
})

it('what another run has installed meanwhile is taken', () => {
  const flock = `shift; echo "#!/bin/sh" > BIN/chromium; chmod +x BIN/chromium; exec "$@"`
  expect(machine({ id: root, flock, 'apt-get': 'exit 1' })).toMatchObject({ status: 0, calls: [] })
})

it("an administrator of a system without that package gets Playwright's own, and its libraries", () => {
  const { status, calls } = machine({ id: root, 'apt-get': 'exit 100', npx: '', node: '' })
  expect({ status, calls }).toEqual({ status: 0, calls: [install, apt('update'), 'npx playwright install --with-deps chromium', tried] })
})

it("an ordinary user gets Playwright's own", () => {
  const { status, calls } = machine({ id: user, 'apt-get': installs, npx: '', node: '' })
  expect({ status, calls }).toEqual({ status: 0, calls: ['npx playwright install chromium', tried] })
})

it('where neither can be had, or does not start, is said why', () => {
  const refused = machine({ id: user, npx: 'echo no network >&2; exit 1', node: '' })
  expect(refused).toMatchObject({ status: 1, stderr: expect.stringMatching(/no network[^]*need Chromium/), calls: ['npx playwright install chromium'] })
  const lame = machine({ id: user, npx: '', node: 'echo libnss3.so is missing >&2; exit 1' })
  expect(lame).toMatchObject({ status: 1, stderr: expect.stringMatching(/libnss3\.so is missing[^]*need Chromium/) })
})
