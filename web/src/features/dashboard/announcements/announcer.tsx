import type { DashboardView } from '@brickboard/dashboard-types'
import { useEffect, useRef, useState } from 'react'
import { connectionStatus } from '@/lib/live/live-slice'
import { useAppSelector } from '@/lib/store'
import { t } from '@/lib/strings'
import { describeChanges } from './describe-changes'

export const announceEveryMs = 5_000

/** The one live region: it sums up what changed on screen, and how the connection is, at most once in 5 s. */
export function Announcer({ view }: { view: DashboardView | undefined }) {
  const status = useAppSelector((state) => connectionStatus(state.live, state.session.signedOut))
  const [text, setText] = useState('')
  const said = useRef({ view, status, at: -Infinity })

  useEffect(() => {
    const announce = () => {
      const changes = said.current.view && view ? describeChanges(said.current.view, view) : ''
      const connection = status === said.current.status ? '' : `${t.live.status[status]}.`
      const message = [connection, changes].filter(Boolean).join(' ')
      said.current = { view, status, at: message === '' ? said.current.at : Date.now() }
      if (message !== '') setText(message)
    }
    const timer = setTimeout(announce, Math.max(0, said.current.at + announceEveryMs - Date.now()))
    return () => clearTimeout(timer)
  }, [view, status])

  return (
    <p role="status" className="visually-hidden">
      {text}
    </p>
  )
}
