/** Zod, told before its first use not to probe for `new Function`, which a strict Content-Security-Policy reports. */
import * as z from 'zod/mini'

z.config({ jitless: true })

export { z }

/** A whole number from 0: a count or a revision. */
export const count = z.int().check(z.nonnegative())

/** UUIDv7 in lower case. */
export const id = z.string().check(z.regex(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/))

/** RFC 3339 in UTC with three decimals: the order of the strings is the order of the times. */
export const time = z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/))
