import type { ComponentProps } from 'react'

/**
 * A button that does nothing while it is busy or at its end (aria-busy, aria-disabled), also where Enter in a field would
 * press it, and keeps the focus meanwhile: one that is disabled loses it.
 */
export function SteadyButton({ onClick, ...button }: ComponentProps<'button'>) {
  const idle = button['aria-busy'] || button['aria-disabled']
  return <button {...button} onClick={(event) => (idle ? event.preventDefault() : onClick?.(event))} />
}
