export type Backoff = { firstMs: number; maxMs: number; jitter: number }

export const reconnection: Backoff = { firstMs: 1_000, maxMs: 30_000, jitter: 0.5 }

/** The wait before the retry after `failed` tries: doubling, off by up to the factor either way, `maxMs` at most. */
export function delayAfter(failed: number, random: () => number, { firstMs, maxMs, jitter }: Backoff = reconnection): number {
  const wait = firstMs * 2 ** Math.min(failed - 1, 16)
  return Math.min(maxMs, Math.round(wait * (1 + jitter * (2 * random() - 1))))
}
