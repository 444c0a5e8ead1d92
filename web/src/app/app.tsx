import { lazy, Suspense } from 'react'
import { Redirect, Route, Switch } from 'wouter'
import { Skeleton } from '@/components/states'
import { CrashBoundary } from './crash-boundary'
import { NotFoundPage } from './not-found-page'
import { Shell } from './shell'

const DashboardPage = lazy(() => import('@/features/dashboard/dashboard-page'))
const GalleryPage = lazy(() => import('@/features/mocs/gallery-page'))
const NewMocPage = lazy(() => import('@/features/mocs/new-moc-page'))
const MocPage = lazy(() => import('@/features/mocs/moc-page'))
const SetsPage = lazy(() => import('@/features/sets/sets-page'))
const WishlistPage = lazy(() => import('@/features/wishlist/wishlist-page'))
const SignInPage = lazy(() => import('@/features/session/sign-in-page'))

/** The server knows these paths too: what is not here it answers with 404. */
export function App() {
  return (
    <Shell>
      <CrashBoundary>
        <Suspense fallback={<Skeleton lines={10} />}>
          <Switch>
            <Route path="/">
              <Redirect to="/dashboard" replace />
            </Route>
            <Route path="/dashboard" component={DashboardPage} />
            <Route path="/mocs" component={GalleryPage} />
            <Route path="/mocs/new" component={NewMocPage} />
            <Route path="/mocs/:id">{({ id }) => <MocPage id={id} />}</Route>
            <Route path="/sets" component={SetsPage} />
            <Route path="/wishlist" component={WishlistPage} />
            <Route path="/sign-in" component={SignInPage} />
            <Route component={NotFoundPage} />
          </Switch>
        </Suspense>
      </CrashBoundary>
    </Shell>
  )
}
