import { useRef } from 'react'

export type Command<D> = { draft: D; idempotencyKey: string }

/**
 * Sends drafts as commands, each of which takes effect once: the same draft again, because the answer to it did not
 * arrive, is the same command. After a success the same draft is a new one.
 */
export function useSubmission<D, R extends { error?: unknown }>(send: (command: Command<D>) => PromiseLike<R>): (draft: D) => Promise<R> {
  const open = useRef({ text: '', key: '' })
  return async (draft) => {
    const text = JSON.stringify(draft)
    if (open.current.text !== text) open.current = { text, key: randomKey() }
    const result = await send({ draft, idempotencyKey: open.current.key })
    if (result.error === undefined) open.current = { text: '', key: '' }
    return result
  }
}

function randomKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
