import { renderHook } from '@testing-library/react'
import { expect, it, vi } from 'vitest'
import { useSubmission, type Command } from './use-submission'

type Result = { error?: unknown }

it('the same draft is the same command until it has succeeded', async () => {
  const keys: string[] = []
  const send = vi.fn(async ({ idempotencyKey }: Command<string>): Promise<Result> => {
    keys.push(idempotencyKey)
    return keys.length === 3 ? {} : { error: 'no answer' }
  })
  const { result, rerender } = renderHook(() => useSubmission(send))
  for (const draft of ['barn', 'mill', 'mill', 'mill']) {
    await result.current(draft)
    rerender()
  }
  const [barn, mill, millAgain, another] = keys
  expect(mill).not.toBe(barn)
  expect(millAgain).toBe(mill)
  expect(another).not.toBe(mill)
})
