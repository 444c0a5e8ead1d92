import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))
const binary = process.env['BRICKBOARD_BINARY'] ?? join(root, 'bin', 'brickboard')
const startMs = 60_000

export type Server = { url: string; token(user: string): string; stop(): Promise<void> }

/** Starts the real binary with the demo collection, on free ports and a data folder of its own. */
export async function startServer(): Promise<Server> {
  const dataDir = mkdtempSync(join(tmpdir(), 'brickboard-e2e-'))
  const environment = { ...process.env, BRICKBOARD_DATA_DIR: dataDir, BRICKBOARD_LOG_FORMAT: 'json' }
  const args = ['serve', '--demo', '--listen', '127.0.0.1:0', '--admin-listen', '127.0.0.1:0']
  const child = spawn(binary, args, { cwd: root, env: environment, stdio: ['ignore', 'ignore', 'pipe'] })
  const stop = async () => {
    await ended(child)
    rmSync(dataDir, { recursive: true, force: true })
  }
  try {
    const url = `http://${await address(child)}`
    const token = (user: string) =>
      execFileSync(binary, ['token', '--user', user], { cwd: root, env: environment, stdio: ['ignore', 'pipe', 'ignore'] }).toString().trim()
    return { url, token, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** The address that the server logs as `listening`. */
function address(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    const seen: string[] = []
    const fail = (why: string) => reject(new Error(`the server ${why}:\n${seen.slice(-20).join('\n')}`))
    const timer = setTimeout(() => fail('did not listen in time'), startMs)
    child.once('error', reject)
    child.once('exit', (code) => fail(`ended with status ${code}`))
    createInterface({ input: child.stderr! }).on('line', (line) => {
      seen.push(line)
      const entry = line.startsWith('{') ? (JSON.parse(line) as { msg?: string; addr?: string }) : {}
      if (entry.msg !== 'listening' || entry.addr === undefined) return
      clearTimeout(timer)
      resolve(entry.addr)
    })
  })
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  return new Promise((resolve) => {
    child.once('exit', () => resolve())
    child.kill('SIGTERM')
  })
}
