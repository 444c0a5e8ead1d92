import { useState } from 'react'
import { useLocation } from 'wouter'
import { BuildBadge, CoverageBar } from '@/components/badges'
import { ConfirmDialog } from '@/components/confirm-dialog'
import { Cover } from '@/components/cover'
import { PageTitle } from '@/components/page-title'
import { EmptyState, ErrorState, Skeleton } from '@/components/states'
import { formatMoment } from '@/lib/format'
import { problemOf } from '@/lib/problem'
import { useAppDispatch } from '@/lib/store'
import { t } from '@/lib/strings'
import { toastShown } from '@/lib/toasts-slice'
import { useFailureToast } from '@/lib/use-failure-toast'
import { DescriptionForm, PartsForm } from './moc-forms'
import { useDeleteMocMutation, useGetMocQuery, type Moc } from './mocs-api'

export default function MocPage({ id }: { id: string }) {
  const { data: moc, error, refetch } = useGetMocQuery(id, { refetchOnMountOrArgChange: true })
  if (moc) return <MocDetail key={moc.id} moc={moc} />
  if (!error) return <Skeleton lines={8} />
  const problem = problemOf(error)
  return (
    <>
      <PageTitle>{t.nav.mocs}</PageTitle>
      {problem.code === 'NOT_FOUND' ? (
        <EmptyState title={t.moc.missing}>{t.moc.missingHint}</EmptyState>
      ) : (
        <ErrorState detail={problem.detail} onRetry={() => void refetch()} />
      )}
    </>
  )
}

function MocDetail({ moc }: { moc: Moc }) {
  return (
    <div className="narrow">
      <PageTitle actions={<DeleteMoc moc={moc} />}>{moc.title}</PageTitle>
      <div className="moc-head card">
        <Cover url={moc.coverImageUrl} theme={moc.theme} large />
        <dl className="facts">
          <dt>{t.moc.theme}</dt>
          <dd>{moc.theme}</dd>
          <dt>{t.moc.build}</dt>
          <dd>
            <BuildBadge status={moc.buildStatus} />
          </dd>
          <dt>{t.moc.coverage}</dt>
          <dd>
            <CoverageBar percent={moc.coveragePercentage} /> {t.coverage[moc.coverageStatus]}
          </dd>
          <dt>{t.moc.addedOn}</dt>
          <dd>{formatMoment(moc.createdAt)}</dd>
          <dt>{t.moc.updatedOn}</dt>
          <dd>{formatMoment(moc.updatedAt)}</dd>
        </dl>
      </div>
      <PartsForm moc={moc} />
      <DescriptionForm moc={moc} />
    </div>
  )
}

function DeleteMoc({ moc }: { moc: Moc }) {
  const [asking, setAsking] = useState(false)
  const [deleteMoc] = useDeleteMocMutation()
  const tell = useFailureToast()
  const dispatch = useAppDispatch()
  const [, navigate] = useLocation()

  const remove = async () => {
    setAsking(false)
    if (tell(await deleteMoc(moc))) return
    dispatch(toastShown('info', t.moc.removed(moc.title)))
    navigate('/mocs')
  }

  return (
    <>
      <button type="button" className="button button-danger-quiet" onClick={() => setAsking(true)}>
        {t.moc.remove}
      </button>
      {asking && (
        <ConfirmDialog
          title={t.moc.removeTitle(moc.title)}
          hint={t.moc.removeHint}
          action={t.moc.remove}
          onConfirm={() => void remove()}
          onCancel={() => setAsking(false)}
        />
      )}
    </>
  )
}
