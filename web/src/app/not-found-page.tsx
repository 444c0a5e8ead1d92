import { Link } from 'wouter'
import { PageTitle } from '@/components/page-title'
import { EmptyState } from '@/components/states'
import { t } from '@/lib/strings'

export function NotFoundPage() {
  return (
    <>
      <PageTitle>{t.app.notFound}</PageTitle>
      <EmptyState
        action={
          <Link href="/dashboard" className="button">
            {t.app.toDashboard}
          </Link>
        }
      >
        {t.app.notFoundHint}
      </EmptyState>
    </>
  )
}
