import type { ThemeStats } from '@brickboard/dashboard-types'
import { memo } from 'react'
import { Card } from '@/components/card'
import { Changing } from '@/components/changing'
import { formatNumber } from '@/lib/format'
import { t } from '@/lib/strings'
import { CardBody, type Shown } from '../card-body'

export function ThemeBreakdownCard({ shown }: { shown: Shown<ThemeStats[]> }) {
  return (
    <Card title={t.themes.title} testId="theme-breakdown-card" className="themes" busy={shown.section === undefined}>
      <CardBody shown={shown} lines={8} isEmpty={(themes) => themes.length === 0} empty={t.themes.empty}>
        {(themes) => <Bars themes={themes} />}
      </CardBody>
    </Card>
  )
}

const Bars = memo(function Bars({ themes }: { themes: ThemeStats[] }) {
  const most = Math.max(1, ...themes.map((theme) => Math.max(theme.mocCount, theme.setCount)))
  return (
    <div className="scroller" tabIndex={0} role="region" aria-label={t.themes.caption}>
      <table className="bars">
        <caption className="visually-hidden">{t.themes.caption}</caption>
        <thead>
          <tr>
            <th scope="col">{t.themes.theme}</th>
            <th scope="col" className="number">
              <i className="part-mocs" aria-hidden="true" />
              {t.themes.mocs}
            </th>
            <th scope="col" className="number">
              <i className="part-sets" aria-hidden="true" />
              {t.themes.sets}
            </th>
          </tr>
        </thead>
        <tbody>
          {themes.map((theme) => (
            <ThemeRow key={theme.theme} theme={theme} most={most} />
          ))}
        </tbody>
      </table>
    </div>
  )
})

const ThemeRow = memo(function ThemeRow({ theme: { theme, mocCount, setCount }, most }: { theme: ThemeStats; most: number }) {
  const width = (count: number) => (count === 0 ? 0 : Math.max(1, (100 * count) / most))
  return (
    <tr>
      <th scope="row">
        <span className="theme-name">{theme}</span>
        <svg className="theme-bars" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
          <rect className="part-mocs" width={width(mocCount)} height="4" />
          <rect className="part-sets" y="6" width={width(setCount)} height="4" />
        </svg>
      </th>
      <td className="number">
        <Changing value={formatNumber(mocCount)} />
      </td>
      <td className="number">
        <Changing value={formatNumber(setCount)} />
      </td>
    </tr>
  )
})
