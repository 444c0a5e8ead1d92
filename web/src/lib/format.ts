/** Dates and numbers in the reader's own way. Formatters are dear to make: one of each. */
const number = new Intl.NumberFormat()
const percent = new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: 0 })
const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' })
const moment = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' })
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' })

export const formatNumber = (value: number) => number.format(value)

/** From whole percent: 85 is "85 %" as the reader writes it. */
export const formatPercent = (whole: number) => percent.format(whole / 100)

export const formatDay = (time: string) => day.format(new Date(time))
export const formatMoment = (time: string) => moment.format(new Date(time))

const justNowS = 20

/** How long ago, in words that change seldom: a live page hears from its server every 15 s. */
export function formatAge(sinceMs: number, nowMs: number): string {
  const seconds = Math.max(0, Math.round((nowMs - sinceMs) / 1000))
  if (seconds < justNowS) return relative.format(0, 'second')
  if (seconds < 60) return relative.format(-Math.floor(seconds / 10) * 10, 'second')
  if (seconds < 3600) return relative.format(-Math.floor(seconds / 60), 'minute')
  if (seconds < 86_400) return relative.format(-Math.floor(seconds / 3600), 'hour')
  return relative.format(-Math.floor(seconds / 86_400), 'day')
}
