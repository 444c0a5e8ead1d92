import { dashboardEventTypes, DashboardView, readEvent } from '@brickboard/dashboard-types'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { problemOf } from '@/lib/problem'

// What the Go tests hold the server's answers against, the page reads too.
const folder = join(import.meta.dirname, '../../transport/testdata/')
const read = (name: string): unknown => JSON.parse(readFileSync(folder + name, 'utf8'))
const named = (begin: string) => readdirSync(folder).filter((name) => name.startsWith(begin) && name.endsWith('.json'))

describe('golden files', () => {
  it.each(named('dashboard'))('%s is a view', (name) => {
    const wire = read(name)
    expect(DashboardView.parse(wire)).toEqual(wire)
  })

  it.each(named('problem'))('%s is a problem that the page can show', (name) => {
    const wire = read(name) as { code: string; detail: string; errors?: { field: string; message: string }[] }
    const problem = problemOf({ status: 400, data: wire })
    expect(problem).toMatchObject({ code: wire.code, detail: wire.detail })
    expect(Object.entries(problem.fields)).toEqual((wire.errors ?? []).map(({ field, message }) => [field, message]))
  })

  it('envelopes.json has an event of every type', () => {
    const events = read('envelopes.json') as { type: string }[]
    expect(events.map((event) => event.type)).toEqual(dashboardEventTypes)
    for (const event of events) expect(readEvent(event)).toEqual({ kind: 'event', event })
  })
})
