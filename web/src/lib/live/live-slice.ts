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
  /** Changes taken into the view, and envelopes skipped as malformed, since the page was loaded. */
  changes: number
  malformed: number
}

const initialState: LiveState = {
  phase: 'closed',
  synced: false,
  degraded: null,
  online: true,
  retryAt: null,
  confirmedAt: null,
  changes: 0,
  malformed: 0,
}

export const liveSlice = createSlice({
  name: 'live',
  initialState,
  reducers: {
    liveReported: (state, action: PayloadAction<Partial<LiveState>>) => ({ ...state, ...action.payload }),
    // These two come with every event: subscribers hear of them once a frame, as of the cache's own patches.
    liveChanged: {
      prepare: prepareAutoBatched<void>(),
      reducer: (state) => {
        state.changes++
      },
    },
    liveHeard: {
      prepare: prepareAutoBatched<number>(),
      reducer: (state, { payload }: PayloadAction<number>) => {
        state.confirmedAt = payload
      },
    },
    liveMalformed: (state) => {
      state.malformed++
    },
    liveReset: (state) => ({ ...initialState, online: state.online }),
  },
})

export const { liveReported, liveChanged, liveHeard, liveMalformed, liveReset } = liveSlice.actions

export type ConnectionStatus = 'live' | 'connecting' | 'reconnecting' | 'degraded' | 'offline' | 'signedOut'

/** The one word for how fresh the page can be. */
export function connectionStatus(live: LiveState, signedOut: boolean): ConnectionStatus {
  if (signedOut) return 'signedOut'
  if (live.phase === 'connected' && live.synced && live.degraded === null) return 'live'
  if (!live.online) return 'offline'
  if (live.degraded !== null) return 'degraded'
  return live.confirmedAt === null ? 'connecting' : 'reconnecting'
}
