import { count, id, z } from './schema.ts'
import { DashboardSummary, PartialPartsMoc, RecentMoc, ThemeStats } from './view.ts'

/** The payload of every type of event. A difference (`recentMocAdded`, `partialPartsChanged`) comes with `previous`. */
export const payloads = {
  'dashboard:summaryUpdated': DashboardSummary,
  'dashboard:themeBreakdownUpdated': z.array(ThemeStats),
  'dashboard:recentMocAdded': RecentMoc,
  'dashboard:recentMocsUpdated': z.array(RecentMoc),
  'dashboard:partialPartsUpdated': z.array(PartialPartsMoc),
  'dashboard:partialPartsChanged': z.object({ upserted: z.array(PartialPartsMoc), removed: z.array(id) }),
  'dashboard:resync': z.object({ reason: z.string() }),
  'dashboard:error': z.object({ code: z.string(), message: z.string() }),
} as const

export type DashboardEventType = keyof typeof payloads
export const dashboardEventTypes = Object.keys(payloads) as DashboardEventType[]

const head = {
  eventId: z.string().check(z.minLength(1)),
  timestamp: z.string().check(z.minLength(1)),
  revision: count,
  epoch: z.string(),
}

const event = <T extends DashboardEventType>(type: T) =>
  z.object({ ...head, type: z.literal(type), payload: payloads[type] })
const difference = <T extends DashboardEventType>(type: T) =>
  z.object({ ...head, previous: count, type: z.literal(type), payload: payloads[type] })

/** What travels on a socket. `resync` and `error` change no section and may not know epoch (`""`) and revision (0). */
export const DashboardEvent = z.discriminatedUnion('type', [
  event('dashboard:summaryUpdated'),
  event('dashboard:themeBreakdownUpdated'),
  difference('dashboard:recentMocAdded'),
  event('dashboard:recentMocsUpdated'),
  event('dashboard:partialPartsUpdated'),
  difference('dashboard:partialPartsChanged'),
  event('dashboard:resync'),
  event('dashboard:error'),
])
export type DashboardEvent = z.infer<typeof DashboardEvent>

export type ReadEvent =
  | { kind: 'event'; event: DashboardEvent }
  | { kind: 'unknown'; type: string }
  | { kind: 'malformed'; reason: string }

/** Reads what came from a socket: a client logs and ignores an unknown type, and logs, counts and skips a malformed one. */
export function readEvent(value: unknown): ReadEvent {
  const type: unknown = typeof value === 'object' && value !== null && 'type' in value ? value.type : undefined
  if (typeof type === 'string' && !Object.hasOwn(payloads, type)) return { kind: 'unknown', type }
  const read = DashboardEvent.safeParse(value)
  if (read.success) return { kind: 'event', event: read.data }
  const [issue] = read.error.issues
  return { kind: 'malformed', reason: `${issue?.path.join('.') ?? ''}: ${issue?.message || issue?.code || 'not valid'}` }
}
