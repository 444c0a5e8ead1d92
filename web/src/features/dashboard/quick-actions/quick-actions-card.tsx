import { Link } from 'wouter'
import { Card } from '@/components/card'
import { t } from '@/lib/strings'

export function QuickActionsCard() {
  return (
    <Card title={t.actions.title} testId="quick-actions-card" className="actions">
      <div className="action-list">
        <Link href="/mocs/new" className="button button-primary">
          {t.actions.add}
        </Link>
        <Link href="/mocs" className="button">
          {t.actions.gallery}
        </Link>
        <Link href="/wishlist" className="button">
          {t.actions.wishlist}
        </Link>
      </div>
    </Card>
  )
}
