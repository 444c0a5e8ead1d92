import { createSlice, prepareAutoBatched, type PayloadAction } from '@reduxjs/toolkit'
import type { ConnectionPhase } from './connection'

export type LiveState = {
  phase: ConnectionPhase
  /** The snapshot that the present connection wants is in. */
  synced: boolean
  degraded: 'failures' | 'tooManySessions' | null
  online: boolean
  /** When the next try begins, in ms since 1970; null: it runs, or none is wanted. */
  retryAt: number | null
  /** When what is shown was last known to be what the server has, in ms since 1970. */
  confirmedAt: number | null
  /** Envelopes skipped as malformed. */
  malformed: number
}

const initialState: LiveState = {
  phase: 'closed',
  synced: false,
  degraded: null,
  online: true,
  retryAt: null,
  confirmedAt: null,
  malformed: 0,
}

export const liveSlice = createSlice({
  name: 'live',
  initialState,
  reducers: {
    liveReported: (state, action: PayloadAction<Partial<LiveState>>) => ({ ...state, ...action.payload }),
    // Comes with every event: subscribers hear of it once a frame, as of the cache's own patches.
    liveHeard: {
      prepare: prepareAutoBatched<number>(),
      reducer: (state, { payload }: PayloadAction<number>) => {
        state.confirmedAt = payload
      },
    },
    liveMalformed: (state) => {
      state.malformed++
    },
    /** What was fetched stays in the cache for a while, and so does how old it is. */
    liveReset: ({ online, confirmedAt }) => ({ ...initialState, online, confirmedAt }),
  },
})

export const { liveReported, liveHeard, liveMalformed, liveReset } = liveSlice.actions

export type ConnectionStatus = 'live' | 'connecting' | 'reconnecting' | 'degraded' | 'offline' | 'signedOut'

/** The one word for how fresh the page can be. */
export function connectionStatus(live: LiveState, signedOut: boolean): ConnectionStatus {
  if (signedOut) return 'signedOut'
  if (live.phase === 'connected' && live.synced && live.degraded === null) return 'live'
  if (!live.online) return 'offline'
  if (live.degraded !== null) return 'degraded'
  return live.confirmedAt === null ? 'connecting' : 'reconnecting'
}
