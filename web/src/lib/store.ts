import { configureStore } from '@reduxjs/toolkit'
import { useDispatch, useSelector } from 'react-redux'
import { api } from './api'
import { pageEnvironment, type Environment } from './environment'
import { liveSlice } from './live/live-slice'
import { sessionSlice } from './session-slice'
import { toastsSlice } from './toasts-slice'

export function makeStore(environment: Environment = pageEnvironment) {
  return configureStore({
    reducer: {
      [api.reducerPath]: api.reducer,
      live: liveSlice.reducer,
      session: sessionSlice.reducer,
      toasts: toastsSlice.reducer,
    },
    middleware: (defaults) => defaults({ thunk: { extraArgument: environment } }).concat(api.middleware),
  })
}

export type AppStore = ReturnType<typeof makeStore>
export type RootState = ReturnType<AppStore['getState']>
export const useAppDispatch = useDispatch.withTypes<AppStore['dispatch']>()
export const useAppSelector = useSelector.withTypes<RootState>()
