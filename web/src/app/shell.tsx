import type { ReactNode } from 'react'
import { Link, useLocation } from 'wouter'
import { SessionMenu } from '@/features/session/session-menu'
import { SignedOutNotice } from '@/features/session/signed-out-notice'
import { t } from '@/lib/strings'
import { Toasts } from './toasts'

const places = [
  ['/dashboard', t.nav.dashboard],
  ['/mocs', t.nav.mocs],
  ['/sets', t.nav.sets],
  ['/wishlist', t.nav.wishlist],
] as const

export function Shell({ children }: { children: ReactNode }) {
  return (
    <>
      <a className="skip" href="#content">
        {t.app.skip}
      </a>
      <header className="header">
        <Link href="/dashboard" className="brand">
          <svg viewBox="0 0 32 32" aria-hidden="true">
            <path d="M3 13a2 2 0 0 1 2-2h2V8a2 2 0 0 1 2-2h3a2 2 0 0 1 2 2v3h4V8a2 2 0 0 1 2-2h3a2 2 0 0 1 2 2v3h2a2 2 0 0 1 2 2v13a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2z" />
          </svg>
          {t.app.name}
        </Link>
        <SessionMenu />
      </header>
      <nav className="sidebar" aria-label={t.app.navigation}>
        <ul>
          {places.map(([path, name]) => (
            <li key={path}>
              <Place path={path}>{name}</Place>
            </li>
          ))}
        </ul>
      </nav>
      <main id="content" tabIndex={-1}>
        <SignedOutNotice />
        {children}
      </main>
      <footer className="footer">{t.app.footer}</footer>
      <Toasts />
    </>
  )
}

function Place({ path, children }: { path: string; children: string }) {
  const [here] = useLocation()
  return (
    <Link href={path} aria-current={here === path ? 'page' : undefined}>
      {children}
    </Link>
  )
}
