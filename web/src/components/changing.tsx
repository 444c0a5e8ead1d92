import { useRef, type ReactNode } from 'react'

/** Shows by a short highlight that its value is another than before; the first value is no change. */
export function Changing({ value, children, testId }: { value: string | number; children?: ReactNode; testId?: string }) {
  const first = useRef(value)
  const changed = useRef(false)
  if (value !== first.current) changed.current = true
  return (
    <span key={value} className={changed.current ? 'changed' : undefined} data-testid={testId}>
      {children ?? value}
    </span>
  )
}
