import type { PartialPartsMoc } from '@brickboard/dashboard-types'
import { render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { expect, it } from 'vitest'
import { partial } from '../../../../test/samples.ts'
import { t } from '@/lib/strings'
import { PartialPartsCard } from './partial-parts-card'

const card = (rows: PartialPartsMoc[]) => <PartialPartsCard shown={{ section: rows, error: undefined, onRetry: () => undefined }} />
const titles = () => screen.getAllByRole('rowheader').map((header) => header.textContent)

it('rows that arrive stand at the end in the order of their arrival, until the user sorts', async () => {
  const { rerender } = render(card([partial(2), partial(1)]))
  rerender(card([partial(3), partial(2), partial(1)]))
  rerender(card([partial(4), partial(3), partial(2), partial(1)]))
  expect(titles()).toEqual(['MOC 2', 'MOC 1', 'MOC 3', 'MOC 4'])
  rerender(card([partial(5), partial(4), partial(2), partial(1)]))
  expect(titles()).toEqual(['MOC 2', 'MOC 1', 'MOC 3', 'MOC 4', 'MOC 5'])
  await userEvent.click(screen.getByRole('button', { name: t.partial.sortAgain }))
  expect(titles()).toEqual(['MOC 5', 'MOC 4', 'MOC 2', 'MOC 1'])
})
