import type { PartialPartsMoc } from '@brickboard/dashboard-types'
import { act, render, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { useState, type ReactNode } from 'react'
import { describe, expect, it, vi } from 'vitest'
import { renderPage } from '../../../test/render.tsx'
import { emptyView, idOf, partial, recent, view } from '../../../test/samples.ts'
import { formatDay, formatMoment } from '@/lib/format'
import { t } from '@/lib/strings'
import type { Shown } from './card-body'
import { CollectionSummaryCard } from './collection-summary/collection-summary-card'
import { PartialPartsCard } from './partial-parts/partial-parts-card'
import { QuickActionsCard } from './quick-actions/quick-actions-card'
import { RecentMocsCard } from './recent-mocs/recent-mocs-card'
import { ThemeBreakdownCard } from './theme-breakdown/theme-breakdown-card'

const full = view()
const shown = <T,>(section: T | undefined, error?: string, onRetry = vi.fn()): Shown<T> => ({ section, error, onRetry })

type Case = { testId: string; empty: string; render: (of: typeof full | undefined, error?: string, onRetry?: () => void) => ReactNode }
const cards: Case[] = [
  {
    testId: 'collection-summary-card',
    empty: t.summary.empty,
    render: (of, error, retry) => <CollectionSummaryCard shown={shown(of?.summary, error, retry as never)} />,
  },
  {
    testId: 'theme-breakdown-card',
    empty: t.themes.empty,
    render: (of, error, retry) => <ThemeBreakdownCard shown={shown(of?.themeBreakdown, error, retry as never)} />,
  },
  {
    testId: 'recent-mocs-card',
    empty: t.recent.empty,
    render: (of, error, retry) => <RecentMocsCard shown={shown(of?.recentMocs, error, retry as never)} />,
  },
  {
    testId: 'partial-parts-table',
    empty: t.partial.empty,
    render: (of, error, retry) => <PartialPartsCard shown={shown(of?.partialPartsMocs, error, retry as never)} />,
  },
]

describe.each(cards)('$testId', ({ testId, empty, render }) => {
  it('says what to do when it is empty', () => {
    renderPage(render(emptyView))
    expect(screen.getByTestId(testId)).toHaveProperty('textContent', expect.stringContaining(empty))
  })

  it('waits while it loads', () => {
    renderPage(render(undefined))
    const card = screen.getByTestId(testId)
    expect(card.getAttribute('aria-busy')).toBe('true')
    expect(card.querySelector('.skeleton')).not.toBeNull()
  })

  it('says what failed, and tries again', async () => {
    const retry = vi.fn()
    renderPage(render(undefined, 'The server cannot be reached.', retry))
    expect(screen.getByText('The server cannot be reached.')).toBeTruthy()
    await userEvent.click(screen.getByRole('button', { name: t.errors.retry }))
    expect(retry).toHaveBeenCalledOnce()
  })

  it('keeps what it has when a later fetch fails', () => {
    const { unmount } = renderPage(render(full))
    const before = screen.getByTestId(testId).textContent
    unmount()
    renderPage(render(full, 'The server cannot be reached.'))
    expect(screen.getByTestId(testId).textContent).toBe(before)
    expect(document.querySelector('.skeleton')).toBeNull()
  })
})

describe('the full cards', () => {
  it('summary: counts by status and coverage', () => {
    renderPage(<CollectionSummaryCard shown={shown({ ...full.summary, totalMocs: 1234 })} />)
    expect(screen.getByTestId('total-mocs-count').textContent).toBe('1,234')
    expect(screen.getByTestId('wishlist-items-count').textContent).toBe('1')
    expect(screen.getByText(t.build.IN_PROGRESS).nextSibling?.textContent).toBe('1')
    expect(screen.getByText(t.coverage.PARTIAL_ORDERED).nextSibling?.textContent).toBe('2')
  })

  it('themes: a table of both counts', () => {
    renderPage(<ThemeBreakdownCard shown={shown([...full.themeBreakdown, { theme: 'Trains', mocCount: 0, setCount: 7 }])} />)
    const rows = within(screen.getByRole('table')).getAllByRole('row')
    expect(rows.map((row) => row.textContent)).toEqual(['ThemeMOCsSets', 'Castle23', 'Trains07'])
  })

  it('recent: links, with a drawn placeholder where there is no cover', () => {
    const cover = 'https://example.org/a.jpg'
    const { container } = renderPage(<RecentMocsCard shown={shown([recent(2, { coverImageUrl: cover }), recent(1)])} />)
    const links = screen.getAllByRole('link')
    expect(links.map((link) => link.getAttribute('href'))).toEqual([`/mocs/${idOf(2)}`, `/mocs/${idOf(1)}`])
    expect(links[0]?.querySelector('img')?.getAttribute('referrerpolicy')).toBe('no-referrer')
    expect(container.querySelectorAll('svg.placeholder')).toHaveLength(1)
    expect(links[1]?.querySelector('time')?.textContent).toBe(formatDay(recent(1).createdAt))
  })

  it('recent: stands still while it is pointed at, and says that it waits', async () => {
    const { rerender } = render(<RecentMocsCard shown={shown([recent(1)])} />)
    const newest = () => screen.getAllByRole('link')[0]?.getAttribute('href')
    await userEvent.hover(screen.getByRole('list'))
    rerender(<RecentMocsCard shown={shown([recent(2), recent(1)])} />)
    expect(newest()).toBe(`/mocs/${idOf(1)}`)
    expect(screen.getByText(t.dashboard.held)).toBeTruthy()
    await userEvent.unhover(screen.getByRole('list'))
    expect(newest()).toBe(`/mocs/${idOf(2)}`)
    expect(screen.queryByText(t.dashboard.held)).toBeNull()
  })

  it('actions: lead to the pages', () => {
    renderPage(<QuickActionsCard />)
    const links = within(screen.getByTestId('quick-actions-card')).getAllByRole('link')
    expect(links.map((link) => [link.textContent, link.getAttribute('href')])).toEqual([
      ['Add New MOC', '/mocs/new'],
      ['Browse Gallery', '/mocs'],
      ['View Wishlist', '/wishlist'],
    ])
  })

  it('partial parts: title, status, coverage as bar and number', () => {
    renderPage(<PartialPartsCard shown={shown([partial(1, { coveragePercentage: 85 })])} />)
    const row = screen.getAllByRole('row')[1]
    expect(row?.textContent).toMatch(/MOC 1Castle.*In progress85%/)
    expect(row?.querySelector('.bar-fill')?.getAttribute('width')).toBe('85')
    expect(row?.querySelector('time')?.textContent).toBe(formatMoment(partial(1).lastUpdatedAt))
    expect(screen.getByRole('link').getAttribute('href')).toBe(`/mocs/${idOf(1)}`)
  })
})

/** A card whose rows the test changes while it is mounted. */
function updatable(first: PartialPartsMoc[]) {
  let set: (rows: PartialPartsMoc[]) => void = () => undefined
  function Wrapper() {
    const [rows, setRows] = useState(first)
    set = setRows
    return <PartialPartsCard shown={shown(rows)} />
  }
  return { Wrapper, update: (rows: PartialPartsMoc[]) => act(() => set(rows)) }
}

describe('what moves', () => {
  const titles = () => screen.getAllByRole('rowheader').map((header) => header.textContent)
  const card = (rows: ReturnType<typeof partial>[]) => <PartialPartsCard shown={shown(rows)} />

  it('parts are sorted by the user', async () => {
    renderPage(card([partial(3, { coveragePercentage: 10 }), partial(2, { coveragePercentage: 90 }), partial(1)]))
    expect(titles()).toEqual(['MOC 3', 'MOC 2', 'MOC 1'])
    await userEvent.click(screen.getByRole('button', { name: t.partial.columns.coverage }))
    expect(titles()).toEqual(['MOC 2', 'MOC 1', 'MOC 3'])
    expect(screen.getByRole('columnheader', { name: t.partial.columns.coverage }).getAttribute('aria-sort')).toBe('descending')
    await userEvent.click(screen.getByRole('button', { name: t.partial.columns.coverage }))
    expect(titles()).toEqual(['MOC 3', 'MOC 1', 'MOC 2'])
  })

  it('rows keep place and focus while they change, until the user sorts again', async () => {
    const { Wrapper, update } = updatable([partial(2), partial(1)])
    renderPage(<Wrapper />)
    screen.getByRole('link', { name: 'MOC 1' }).focus()
    update([partial(9), partial(1, { lastUpdatedAt: partial(8).lastUpdatedAt, coveragePercentage: 60 })])
    expect(titles()).toEqual(['MOC 2', 'MOC 1', 'MOC 9'])
    expect(document.activeElement?.textContent).toBe('MOC 1')
    expect(screen.getByText(t.partial.gone)).toBeTruthy()
    expect(screen.getByText('60%')).toBeTruthy()
    await userEvent.click(screen.getByRole('button', { name: t.partial.sortAgain }))
    expect(titles()).toEqual(['MOC 9', 'MOC 1'])
    expect(screen.queryByRole('button', { name: t.partial.sortAgain })).toBeNull()
  })
})
