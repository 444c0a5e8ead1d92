import { DashboardView } from '@brickboard/dashboard-types'
import { original, isDraft } from '@reduxjs/toolkit'
import { api } from '@/lib/api'
import { mergeSnapshot, stateOf, type DashboardState } from './dashboard-state'

/** The dashboard's cache entry: filled by snapshots, which the live service asks for, and kept true by envelopes. */
export const dashboardApi = api.injectEndpoints({
  endpoints: (build) => ({
    getDashboard: build.query<DashboardState, void>({
      queryFn: async (_arg, _api, _options, fetch) => {
        const { data, error, meta } = await fetch('/dashboard')
        if (error) return { error }
        const view = DashboardView.safeParse(data)
        const state = view.success ? stateOf(view.data, meta?.response?.headers.get('ETag')) : undefined
        if (state) return { data: state }
        return { error: { status: 'CUSTOM_ERROR', error: 'the answer is not a dashboard' } }
      },
      merge: (held, fetched) => mergeSnapshot((isDraft(held) ? original(held) : held) as DashboardState, fetched),
    }),
  }),
})
