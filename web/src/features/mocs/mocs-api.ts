import type { BuildStatus, PartsCoverageStatus } from '@brickboard/dashboard-types'
import { api, idempotencyKey, ifVersion } from '@/lib/api'

export type Parts = { total: number; owned: number; ordered: number }
export type Moc = {
  id: string
  title: string
  theme: string
  buildStatus: BuildStatus
  coverImageUrl: string | null
  parts: Parts
  coverageStatus: PartsCoverageStatus
  coveragePercentage: number
  version: number
  createdAt: string
  updatedAt: string
}
export type MocDraft = { title: string; theme: string; buildStatus: BuildStatus; coverImageUrl: string | null; parts?: Parts }
export type MocEdit = Partial<Pick<Moc, 'title' | 'theme' | 'buildStatus' | 'coverImageUrl'>>
export type MocFilter = { q?: string; theme?: string; buildStatus?: string; coverageStatus?: string }

type Page = { items: Moc[]; nextCursor: string | null }
type Shown = Pick<Moc, 'id' | 'version'>

const pageSize = 48

export const mocsApi = api.injectEndpoints({
  endpoints: (build) => ({
    listMocs: build.infiniteQuery<Page, MocFilter, string | undefined>({
      infiniteQueryOptions: { initialPageParam: undefined, getNextPageParam: (page) => page.nextCursor ?? undefined },
      query: ({ queryArg, pageParam }) => ({ url: '/mocs', params: { ...queryArg, limit: pageSize, cursor: pageParam } }),
      providesTags: [{ type: 'Moc', id: 'LIST' }],
    }),
    getMoc: build.query<Moc, string>({ query: (id) => `/mocs/${id}`, providesTags: (_moc, _error, id) => [{ type: 'Moc', id }] }),
    addMoc: build.mutation<Moc, MocDraft>({
      query: (body) => ({ url: '/mocs', method: 'POST', body, headers: { 'Idempotency-Key': idempotencyKey() } }),
      invalidatesTags: ['Moc'],
    }),
    editMoc: build.mutation<Moc, { moc: Shown; edit: MocEdit }>({
      query: ({ moc, edit }) => ({ url: `/mocs/${moc.id}`, method: 'PATCH', body: edit, headers: ifVersion(moc.version) }),
      invalidatesTags: ['Moc'],
    }),
    countParts: build.mutation<Moc, { moc: Shown; parts: Parts }>({
      query: ({ moc, parts }) => ({ url: `/mocs/${moc.id}/parts`, method: 'PUT', body: parts, headers: ifVersion(moc.version) }),
      invalidatesTags: ['Moc'],
    }),
    deleteMoc: build.mutation<null, Shown>({
      query: ({ id, version }) => ({ url: `/mocs/${id}`, method: 'DELETE', headers: ifVersion(version) }),
      invalidatesTags: (_nothing, error) => (error ? ['Moc'] : [{ type: 'Moc', id: 'LIST' }]), // the deleted one is not read again
    }),
  }),
})

export const { useListMocsInfiniteQuery, useGetMocQuery, useAddMocMutation, useEditMocMutation, useCountPartsMutation, useDeleteMocMutation } = mocsApi
