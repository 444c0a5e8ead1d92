import { useCallback } from 'react'
import { problemOf } from './problem'
import { useAppDispatch } from './store'
import { t } from './strings'
import { toastShown } from './toasts-slice'

/** Says in a toast why a change failed, if it did. */
export function useFailureToast(): (result: { error?: unknown }) => boolean {
  const dispatch = useAppDispatch()
  return useCallback(
    ({ error }) => {
      if (error === undefined) return false
      const problem = problemOf(error)
      dispatch(toastShown('error', problem.code === 'PRECONDITION_FAILED' ? t.moc.changedElsewhere : problem.detail))
      return true
    },
    [dispatch],
  )
}
