import { useEffect, useRef, type ReactNode } from 'react'
import { t } from '@/lib/strings'

/** The page's heading, also the window's title. It takes the focus when the page is come to by a link of ours. */
export function PageTitle({ children, actions }: { children: string; actions?: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    document.title = `${children} · ${t.app.name}`
  }, [children])
  useEffect(() => {
    if (document.body.dataset['arrived']) heading.current?.focus({ preventScroll: true })
    document.body.dataset['arrived'] = 'yes'
  }, [])
  return (
    <div className="page-head">
      <h1 ref={heading} tabIndex={-1}>
        {children}
      </h1>
      {actions}
    </div>
  )
}
