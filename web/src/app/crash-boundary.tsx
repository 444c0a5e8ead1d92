import { Component, type ReactNode } from 'react'
import { t } from '@/lib/strings'

/** Shows in place of a page that broke, also when its code could not be fetched, a way on. */
export class CrashBoundary extends Component<{ children: ReactNode }, { crashed: boolean }> {
  override state = { crashed: false }

  static getDerivedStateFromError() {
    return { crashed: true }
  }

  override render() {
    if (!this.state.crashed) return this.props.children
    return (
      <div className="state" role="alert">
        <p className="state-title">{t.app.crashed}</p>
        <button type="button" className="button" onClick={() => window.location.reload()}>
          {t.app.reload}
        </button>
      </div>
    )
  }
}
