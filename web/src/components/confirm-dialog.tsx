import { useEffect, useId, useRef } from 'react'
import { t } from '@/lib/strings'

type ConfirmDialogProps = { title: string; hint: string; action: string; onConfirm: () => void; onCancel: () => void }

/** Asks before what cannot be undone. Mounted means open; Escape cancels, and the focus goes back to where it was. */
export function ConfirmDialog({ title, hint, action, onConfirm, onCancel }: ConfirmDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const heading = useId()
  useEffect(() => {
    const before = document.activeElement
    dialog.current?.showModal()
    return () => {
      if (before instanceof HTMLElement) before.focus()
    }
  }, [])
  return (
    <dialog ref={dialog} aria-labelledby={heading} onCancel={onCancel} className="dialog">
      <h2 id={heading}>{title}</h2>
      <p>{hint}</p>
      <div className="row row-end">
        <button type="button" className="button" onClick={onCancel}>
          {t.moc.cancel}
        </button>
        <button type="button" className="button button-danger" onClick={onConfirm}>
          {action}
        </button>
      </div>
    </dialog>
  )
}
