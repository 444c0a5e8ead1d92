import type { BuildStatus, PartsCoverageStatus } from '@brickboard/dashboard-types'
import { api, ifVersion } from '@/lib/api'
import type { AppStore, RootState } from '@/lib/store'
import type { Command } from '@/lib/use-submission'

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
type Started = { dispatch: AppStore['dispatch']; getState: () => Pick<RootState, 'api'>; queryFulfilled: Promise<{ data: Moc }> }

const pageSize = 48

/** A MOC is read again only where its change failed: else the answer says what it is, or it is deleted. */
const changed = (_answer: unknown, error: unknown) => (error ? (['Moc'] as const) : ([{ type: 'Moc', id: 'LIST' }] as const))

export const mocsApi = api.injectEndpoints({
  endpoints: (build) => ({
    listMocs: build.infiniteQuery<Page, MocFilter, string | undefined>({
      infiniteQueryOptions: { initialPageParam: undefined, getNextPageParam: (page) => page.nextCursor ?? undefined },
      query: ({ queryArg, pageParam }) => ({ url: '/mocs', params: { ...queryArg, limit: pageSize, cursor: pageParam } }),
      providesTags: [{ type: 'Moc', id: 'LIST' }],
    }),
    getMoc: build.query<Moc, string>({ query: (id) => `/mocs/${id}`, providesTags: (_moc, _error, id) => [{ type: 'Moc', id }] }),
    addMoc: build.mutation<Moc, Command<MocDraft>>({
      query: ({ draft, idempotencyKey }) => ({ url: '/mocs', method: 'POST', body: draft, headers: { 'Idempotency-Key': idempotencyKey } }),
      invalidatesTags: ['Moc'],
    }),
    editMoc: build.mutation<Moc, { moc: Shown; edit: MocEdit }>({
      query: ({ moc, edit }) => ({ url: `/mocs/${moc.id}`, method: 'PATCH', body: edit, headers: ifVersion(moc.version) }),
      onQueryStarted: showAnswer,
      invalidatesTags: changed,
    }),
    countParts: build.mutation<Moc, { moc: Shown; parts: Parts }>({
      query: ({ moc, parts }) => ({ url: `/mocs/${moc.id}/parts`, method: 'PUT', body: parts, headers: ifVersion(moc.version) }),
      onQueryStarted: showAnswer,
      invalidatesTags: changed,
    }),
    deleteMoc: build.mutation<null, Shown>({
      query: ({ id, version }) => ({ url: `/mocs/${id}`, method: 'DELETE', headers: ifVersion(version) }),
      invalidatesTags: changed,
    }),
  }),
})

export const { useListMocsInfiniteQuery, useGetMocQuery, useAddMocMutation, useEditMocMutation, useCountPartsMutation, useDeleteMocMutation } = mocsApi

/** The next change is made at the version that was answered, without waiting for the MOC to be read again. */
function showAnswer(_change: unknown, { dispatch, getState, queryFulfilled }: Started): void {
  const show = ({ data }: { data: Moc }) => {
    dispatch(mocsApi.util.updateQueryData('getMoc', data.id, () => data))
    const { isLoading } = mocsApi.endpoints.getMoc.select(data.id)(getState())
    if (isLoading) dispatch(mocsApi.util.invalidateTags([{ type: 'Moc', id: data.id }])) // its answer may be of before the change
  }
  queryFulfilled.then(show, () => undefined)
}
