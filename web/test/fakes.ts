import { vi } from 'vitest'
import type { Environment } from '@/lib/environment'
import type { LiveSocket } from '@/lib/live/connection'
import { etag, view } from './samples.ts'

type Listener = (...args: unknown[]) => void

/** A socket whose server the test plays. */
export class FakeSocket implements LiveSocket {
  connected = false
  recovered = false
  readonly connect = vi.fn()
  private readonly listeners = new Map<string, Listener>()
  private any: Listener | undefined
  private ping: Listener | undefined
  readonly io = {
    on: (_event: 'ping', listener: () => void) => (this.ping = listener),
    removeAllListeners: () => (this.ping = undefined),
  }

  readonly disconnect = vi.fn(() => {
    if (this.connected) this.closeAs('io client disconnect')
  })
  on(event: string, listener: (...args: never[]) => void) {
    this.listeners.set(event, listener as Listener)
  }
  onAny(listener: (type: string, ...args: unknown[]) => void) {
    this.any = listener as Listener
  }
  removeAllListeners() {
    this.listeners.clear()
  }
  offAny() {
    this.any = undefined
  }

  accept({ recovered = false } = {}) {
    this.connected = true
    this.recovered = recovered
    this.listeners.get('connect')?.()
  }
  refuse(code?: string) {
    this.listeners.get('connect_error')?.(Object.assign(new Error(code ?? 'websocket error'), code ? { data: { code } } : {}))
  }
  close() {
    this.closeAs('transport close')
  }
  send(envelope: { type: string }, ...more: unknown[]) {
    this.any?.(envelope.type, envelope, ...more)
  }
  beat() {
    this.ping?.()
  }
  private closeAs(reason: string) {
    this.connected = false
    this.listeners.get('disconnect')?.(reason)
  }
}

export type Answer = { status?: number; revision?: number; epoch?: string; body?: unknown; headers?: Record<string, string> }

/** Plays the REST server: each path has its answer, which the test may change; requests are counted. */
export function fakeServer(answers: Record<string, Answer | (() => Promise<Answer>)>) {
  const requests: Request[] = []
  const fetch = vi.fn(async (input: Request | string | URL, init?: RequestInit) => {
    const request = input instanceof Request ? input : new Request(input, init)
    requests.push(request)
    const { pathname } = new URL(request.url)
    const given = answers[`${request.method} ${pathname}`] ?? answers[pathname] ?? { status: 404 }
    const answer = typeof given === 'function' ? await given() : given
    const { status = 200, revision = 1, epoch, headers = {} } = answer
    if (status === 0) throw new TypeError('Failed to fetch')
    const body = answer.body ?? (pathname === '/api/dashboard' && status === 200 ? view() : undefined)
    return new Response(body === undefined ? null : JSON.stringify(body), {
      status,
      headers: { 'Content-Type': status < 400 ? 'application/json' : 'application/problem+json', ETag: etag(revision, epoch), ...headers },
    })
  })
  vi.stubGlobal('fetch', fetch)
  const count = (path: string) => requests.filter((request) => new URL(request.url).pathname === path).length
  return { answers, requests, dashboards: () => count('/api/dashboard'), count }
}

export function testEnvironment(socket: FakeSocket, more: Partial<Environment> = {}): Environment {
  return { serverUrl: 'http://localhost', token: undefined, failuresUntilDegraded: 5, demo: false, makeSocket: () => socket, ...more }
}

export const problem = (status: number, code: string, more: object = {}): Answer => ({
  status,
  body: { type: 'about:blank', title: code, status, detail: `it is ${code}`, code, requestId: '9f86d081884c7d65', ...more },
})
