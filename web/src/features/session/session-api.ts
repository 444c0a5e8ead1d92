import { api } from '@/lib/api'

export type Session = { userId: string; expiresAt: string }

/** Sign-in by a cookie that the server sets: what it answers of the token is not kept. */
export const sessionApi = api.injectEndpoints({
  endpoints: (build) => ({
    getSession: build.query<Session, void>({ query: () => '/session' }),
    signIn: build.mutation<Session, string>({
      query: (token) => ({ url: '/session', method: 'POST', headers: { Authorization: `Bearer ${token}` } }),
    }),
    signInToDemo: build.mutation<{ userId: string }, void>({
      query: () => ({ url: '/demo/session', method: 'POST' }),
      transformResponse: ({ userId }: Session) => ({ userId }),
    }),
    signOut: build.mutation<null, void>({ query: () => ({ url: '/session', method: 'DELETE' }) }),
  }),
})

export const { useGetSessionQuery, useSignInMutation, useSignInToDemoMutation, useSignOutMutation } = sessionApi
