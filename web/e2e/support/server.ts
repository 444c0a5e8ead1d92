import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const binary = process.env['BRICKBOARD_BINARY'] ?? join(root, 'bin', 'brickboard')
const startMs = 60_000

/** The real binary with the demo collection, on free ports and a data folder of its own; its log is kept line by line. */
export class Server {
  readonly log: string[] = []
  private readonly dataDir = mkdtempSync(join(tmpdir(), 'brickboard-e2e-'))
  private readonly environment = { ...process.env, BRICKBOARD_DATA_DIR: this.dataDir, BRICKBOARD_LOG_FORMAT: 'json' }
  private child: ChildProcess | undefined
  private address = '127.0.0.1:0'

  get url(): string {
    return `http://${this.address}`
  }

  get port(): number {
    return Number(new URL(this.url).port)
  }

  /** Also starts it again, at the address and with the data that it had. */
  async start(): Promise<void> {
    chmodSync(this.dataDir, 0o711) // for PostgreSQL's user too: so its files are in it, and go with it
    const args = ['serve', '--demo', '--listen', this.address, '--admin-listen', '127.0.0.1:0']
    this.child = spawn(binary, args, { cwd: root, env: this.environment, stdio: ['ignore', 'ignore', 'pipe'] })
    this.address = await this.listening(this.child)
  }

  async stop(): Promise<void> {
    if (this.child) await ended(this.child)
  }

  /** Stops it, and takes its data away. */
  async remove(): Promise<void> {
    await this.stop()
    rmSync(this.dataDir, { recursive: true, force: true })
  }

  token(user: string, seconds = 3_600): string {
    const args = ['token', '--user', user, '--ttl', `${seconds}s`]
    return execFileSync(binary, args, { cwd: root, env: this.environment, stdio: ['ignore', 'pipe', 'ignore'] }).toString().trim()
  }

  /** The address that the server logs as `listening`. */
  private listening(child: ChildProcess): Promise<string> {
    return new Promise((resolve, reject) => {
      const fail = (why: string) => reject(new Error(`the server ${why}:\n${this.log.slice(-20).join('\n')}`))
      const timer = setTimeout(() => fail('did not listen in time'), startMs)
      child.once('error', reject)
      child.once('exit', (code) => fail(`ended with status ${code}`))
      createInterface({ input: child.stderr! }).on('line', (line) => {
        this.log.push(line)
        const entry = line.startsWith('{') ? (JSON.parse(line) as { msg?: string; addr?: string }) : {}
        if (entry.msg !== 'listening' || entry.addr === undefined) return
        clearTimeout(timer)
        resolve(entry.addr)
      })
    })
  }
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  return new Promise((resolve) => {
    child.once('exit', () => resolve())
    child.kill('SIGTERM')
  })
}
