import { afterEach, expect, it, vi } from 'vitest'

afterEach(() => vi.resetModules())

/** The formatters of a browser whose reader is of this locale and time zone. */
function formattersIn(locale: string, timeZone: string) {
  const { DateTimeFormat, NumberFormat, RelativeTimeFormat } = Intl
  vi.spyOn(Intl, 'DateTimeFormat').mockImplementation(function (locales, options) {
    return new DateTimeFormat(locales ?? locale, { timeZone, ...options })
  })
  vi.spyOn(Intl, 'NumberFormat').mockImplementation(function (locales, options) {
    return new NumberFormat(locales ?? locale, options)
  })
  vi.spyOn(Intl, 'RelativeTimeFormat').mockImplementation(function (locales, options) {
    return new RelativeTimeFormat(locales ?? locale, options)
  })
  return import('./format')
}

it.each([
  ['de-DE', 'Pacific/Auckland', ['17.11.2025', '17.11.2025, 07:30', '1.234', '85\u00a0%', 'vor 3 Minuten']],
  ['en-GB', 'America/New_York', ['16 Nov 2025', '16 Nov 2025, 13:30', '1,234', '85%', '3 minutes ago']],
])('dates, numbers and ages are written as in %s, at the time of %s', async (locale, timeZone, written) => {
  const { formatAge, formatDay, formatMoment, formatNumber, formatPercent } = await formattersIn(locale, timeZone)
  const time = '2025-11-16T18:30:05.120Z'
  expect([formatDay(time), formatMoment(time), formatNumber(1234), formatPercent(85), formatAge(0, 180_000)]).toEqual(written)
})

it.each([
  [19, 'now'],
  [20, '20 seconds ago'],
  [59, '50 seconds ago'],
  [60, '1 minute ago'],
  [3_599, '59 minutes ago'],
  [3_600, '1 hour ago'],
  [86_400, 'yesterday'],
  [-5, 'now'],
])('an age of %d s is “%s”', async (seconds, words) => {
  const { formatAge } = await formattersIn('en', 'UTC')
  expect(formatAge(0, seconds * 1000)).toBe(words)
})
