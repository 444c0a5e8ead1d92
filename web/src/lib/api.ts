import { createApi, fetchBaseQuery, type BaseQueryFn, type FetchArgs, type FetchBaseQueryError, type FetchBaseQueryMeta } from '@reduxjs/toolkit/query/react'
import type { Environment } from './environment'
import { sessionEnded } from './session-slice'

const requestTimeoutMs = 15_000

type BaseQuery = BaseQueryFn<string | FetchArgs, unknown, FetchBaseQueryError, object, FetchBaseQueryMeta>

/** The cookie speaks, or a token that we were given; what the cache knows is revalidated by the browser. */
const baseQuery: BaseQuery = async (args, api, options) => {
  const { serverUrl, token } = api.extra as Environment
  const query = fetchBaseQuery({
    baseUrl: `${serverUrl}/api`,
    credentials: token === undefined ? 'same-origin' : 'omit',
    timeout: requestTimeoutMs,
    prepareHeaders: async (headers) => {
      if (token !== undefined) headers.set('Authorization', `Bearer ${await token()}`)
    },
  })
  const result = await query(args, api, options)
  if (result.error?.status === 401 && api.endpoint !== 'signIn') api.dispatch(sessionEnded())
  return result
}

/** The one API; features inject their endpoints. */
export const api = createApi({
  baseQuery,
  keepUnusedDataFor: 300,
  tagTypes: ['Moc', 'Set', 'Wish'],
  endpoints: () => ({}),
})

/** The precondition that what is changed is still the version that was shown. */
export function ifVersion(version: number): { 'If-Match': string } {
  return { 'If-Match': `"${version}"` }
}
