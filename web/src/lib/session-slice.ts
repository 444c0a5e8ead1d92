import { createSlice } from '@reduxjs/toolkit'

/** Whether the server has refused our credential; who is signed in is in the cache of `GET /api/session`. */
export const sessionSlice = createSlice({
  name: 'session',
  initialState: { signedOut: false, /** Grows with each sign-in. */ generation: 0 },
  reducers: {
    sessionBegan: (state) => {
      state.signedOut = false
      state.generation++
    },
    sessionEnded: (state) => {
      state.signedOut = true
    },
  },
})

export const { sessionBegan, sessionEnded } = sessionSlice.actions
