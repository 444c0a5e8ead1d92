import { api, idempotencyKey, ifVersion } from '@/lib/api'

export type LegoSet = { id: string; setNumber: string; name: string; theme: string; quantity: number; version: number; createdAt: string; updatedAt: string }
export type SetDraft = Pick<LegoSet, 'setNumber' | 'name' | 'theme' | 'quantity'>
type Page = { items: LegoSet[]; nextCursor: string | null }
type Shown = Pick<LegoSet, 'id' | 'version'>

const setsApi = api.injectEndpoints({
  endpoints: (build) => ({
    listSets: build.infiniteQuery<Page, void, string | undefined>({
      infiniteQueryOptions: { initialPageParam: undefined, getNextPageParam: (page) => page.nextCursor ?? undefined },
      query: ({ pageParam }) => ({ url: '/sets', params: { cursor: pageParam } }),
      providesTags: ['Set'],
    }),
    addSet: build.mutation<LegoSet, SetDraft>({
      query: (body) => ({ url: '/sets', method: 'POST', body, headers: { 'Idempotency-Key': idempotencyKey() } }),
      invalidatesTags: ['Set'],
    }),
    changeQuantity: build.mutation<LegoSet, { set: Shown; quantity: number }>({
      query: ({ set, quantity }) => ({ url: `/sets/${set.id}`, method: 'PATCH', body: { quantity }, headers: ifVersion(set.version) }),
      invalidatesTags: ['Set'],
    }),
    deleteSet: build.mutation<null, Shown>({
      query: ({ id, version }) => ({ url: `/sets/${id}`, method: 'DELETE', headers: ifVersion(version) }),
      invalidatesTags: ['Set'],
    }),
  }),
})

export const { useListSetsInfiniteQuery, useAddSetMutation, useChangeQuantityMutation, useDeleteSetMutation } = setsApi
