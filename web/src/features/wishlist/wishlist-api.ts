import { api, ifVersion } from '@/lib/api'
import type { Command } from '@/lib/use-submission'

export type Wish = { id: string; kind: 'MOC' | 'SET'; title: string; reference: string | null; theme: string | null; version: number; createdAt: string; updatedAt: string }
export type WishDraft = { kind: string; title: string; reference?: string; theme?: string }
type Page = { items: Wish[]; nextCursor: string | null }

const wishlistApi = api.injectEndpoints({
  endpoints: (build) => ({
    listWishes: build.infiniteQuery<Page, void, string | undefined>({
      infiniteQueryOptions: { initialPageParam: undefined, getNextPageParam: (page) => page.nextCursor ?? undefined },
      query: ({ pageParam }) => ({ url: '/wishlist', params: { cursor: pageParam } }),
      providesTags: ['Wish'],
    }),
    addWish: build.mutation<Wish, Command<WishDraft>>({
      query: ({ draft, idempotencyKey }) => ({ url: '/wishlist', method: 'POST', body: draft, headers: { 'Idempotency-Key': idempotencyKey } }),
      invalidatesTags: ['Wish'],
    }),
    deleteWish: build.mutation<null, Pick<Wish, 'id' | 'version'>>({
      query: ({ id, version }) => ({ url: `/wishlist/${id}`, method: 'DELETE', headers: ifVersion(version) }),
      invalidatesTags: ['Wish'],
    }),
  }),
})

export const { useListWishesInfiniteQuery, useAddWishMutation, useDeleteWishMutation } = wishlistApi
