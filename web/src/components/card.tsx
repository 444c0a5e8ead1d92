import { useId, type ReactNode } from 'react'

type CardProps = { title: string; testId: string; className?: string; aside?: ReactNode; busy?: boolean; children: ReactNode }

export function Card({ title, testId, className = '', aside, busy = false, children }: CardProps) {
  const heading = useId()
  return (
    <section className={`card ${className}`} aria-labelledby={heading} aria-busy={busy} data-testid={testId}>
      <header className="card-head">
        <h2 id={heading}>{title}</h2>
        {aside}
      </header>
      {children}
    </section>
  )
}
