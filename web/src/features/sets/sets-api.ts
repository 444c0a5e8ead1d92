import { api, ifVersion } from '@/lib/api'
import type { Command } from '@/lib/use-submission'

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
    addSet: build.mutation<LegoSet, Command<SetDraft>>({
      query: ({ draft, idempotencyKey }) => ({ url: '/sets', method: 'POST', body: draft, headers: { 'Idempotency-Key': idempotencyKey } }),
      invalidatesTags: ['Set'],
    }),
    changeQuantity: build.mutation<LegoSet, { set: Shown; quantity: number }>({
      query: ({ set, quantity }) => ({ url: `/sets/${set.id}`, method: 'PATCH', body: { quantity }, headers: ifVersion(set.version) }),
      onQueryStarted: (_change, { dispatch, getState, queryFulfilled }) => {
        const put = ({ data }: { data: LegoSet }) => {
          dispatch(
            setsApi.util.updateQueryData('listSets', undefined, ({ pages }) => {
              for (const page of pages) page.items = page.items.map((set) => (set.id === data.id ? data : set))
            }),
          )
          const { isLoading } = setsApi.endpoints.listSets.select()(getState())
          if (isLoading) dispatch(setsApi.util.invalidateTags(['Set'])) // its answer may be of before the change
        }
        queryFulfilled.then(put, () => undefined) // so the next change is made at the new version, without waiting for the list
      },
      invalidatesTags: (_set, error) => (error ? ['Set'] : []),
    }),
    deleteSet: build.mutation<null, Shown>({
      query: ({ id, version }) => ({ url: `/sets/${id}`, method: 'DELETE', headers: ifVersion(version) }),
      invalidatesTags: ['Set'],
    }),
  }),
})

export const { useListSetsInfiniteQuery, useAddSetMutation, useChangeQuantityMutation, useDeleteSetMutation } = setsApi
