import { useEffect } from 'react'
import { useAppDispatch, useAppSelector } from '@/lib/store'
import { t } from '@/lib/strings'
import { toastDismissed, type Toast as ToastItem } from '@/lib/toasts-slice'

const infoMs = 8_000

/** Errors stay until they are dismissed. */
export function Toasts() {
  const toasts = useAppSelector((state) => state.toasts)
  return (
    <section className="toasts" role="log" aria-label={t.app.notifications}>
      {toasts.map((toast) => (
        <Toast key={toast.id} toast={toast} />
      ))}
    </section>
  )
}

function Toast({ toast: { id, kind, text } }: { toast: ToastItem }) {
  const dispatch = useAppDispatch()
  useEffect(() => {
    if (kind === 'error') return
    const timer = setTimeout(() => dispatch(toastDismissed(id)), infoMs)
    return () => clearTimeout(timer)
  }, [dispatch, id, kind])
  return (
    <div className={`toast toast-${kind}`}>
      <p>{text}</p>
      <button type="button" className="button button-small button-quiet" onClick={() => dispatch(toastDismissed(id))}>
        {t.app.dismiss}
      </button>
    </div>
  )
}
