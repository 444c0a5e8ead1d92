import { createSlice, nanoid, type PayloadAction } from '@reduxjs/toolkit'

export type Toast = { id: string; kind: 'info' | 'error'; text: string }

const shown = 3

/** Short messages, the last few of them; equal ones stand there once. */
export const toastsSlice = createSlice({
  name: 'toasts',
  initialState: [] as Toast[],
  reducers: {
    toastShown: {
      prepare: (kind: Toast['kind'], text: string) => ({ payload: { id: nanoid(), kind, text } }),
      reducer: (toasts, { payload }: PayloadAction<Toast>) =>
        [...toasts.filter((toast) => toast.text !== payload.text), payload].slice(-shown),
    },
    toastDismissed: (toasts, { payload }: PayloadAction<string>) => toasts.filter((toast) => toast.id !== payload),
    toastsCleared: () => [],
  },
})

export const { toastShown, toastDismissed, toastsCleared } = toastsSlice.actions
