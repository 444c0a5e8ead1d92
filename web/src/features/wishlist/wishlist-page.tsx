import { useState } from 'react'
import { AddForm } from '@/components/add-form'
import { ConfirmDialog } from '@/components/confirm-dialog'
import { Field, Select } from '@/components/field'
import { PagedList } from '@/components/paged-list'
import { PageTitle } from '@/components/page-title'
import { t } from '@/lib/strings'
import { useFailureToast } from '@/lib/use-failure-toast'
import { useSubmission } from '@/lib/use-submission'
import { useAddWishMutation, useDeleteWishMutation, useListWishesInfiniteQuery, type Wish, type WishDraft } from './wishlist-api'

export default function WishlistPage() {
  const list = useListWishesInfiniteQuery(undefined, { refetchOnMountOrArgChange: true })
  return (
    <>
      <PageTitle>{t.wishlist.title}</PageTitle>
      <AddWish />
      <PagedList list={list} emptyTitle={t.wishlist.empty} emptyHint={t.wishlist.emptyHint}>
        {(wishes) => (
          <table className="list card">
            <caption className="visually-hidden">{t.wishlist.caption}</caption>
            <thead>
              <tr>
                <th scope="col">{t.wishlist.name}</th>
                <th scope="col">{t.wishlist.kind}</th>
                <th scope="col">{t.wishlist.theme}</th>
                <th scope="col">{t.wishlist.reference}</th>
                <th scope="col">{t.wishlist.actions}</th>
              </tr>
            </thead>
            <tbody>
              {wishes.map((wish) => (
                <WishRow key={wish.id} wish={wish} />
              ))}
            </tbody>
          </table>
        )}
      </PagedList>
    </>
  )
}

function AddWish() {
  const [addWish] = useAddWishMutation()
  const add = useSubmission(addWish)
  const send = (form: FormData) => {
    const text = (name: string) => String(form.get(name) ?? '').trim()
    const wish: WishDraft = { kind: text('kind'), title: text('title') }
    if (text('reference')) wish.reference = text('reference')
    if (text('theme')) wish.theme = text('theme')
    return add(wish)
  }
  return (
    <AddForm title={t.wishlist.add} submit={t.wishlist.submit} send={send}>
      {(errors) => (
        <>
          <Field label={t.wishlist.kind} name="kind" error={errors['kind']}>
            {(control) => <Select {...control} options={['MOC', 'SET'] as const} label={(kind) => t.wishlist.kinds[kind]} />}
          </Field>
          <Field label={t.wishlist.name} name="title" error={errors['title']}>
            {(control) => <input {...control} maxLength={200} autoComplete="off" required />}
          </Field>
          <Field label={t.wishlist.theme} name="theme" hint={t.wishlist.themeHint} error={errors['theme']}>
            {(control) => <input {...control} maxLength={80} autoComplete="off" />}
          </Field>
          <Field label={t.wishlist.reference} name="reference" hint={t.wishlist.referenceHint} error={errors['reference']}>
            {(control) => <input {...control} maxLength={200} autoComplete="off" />}
          </Field>
        </>
      )}
    </AddForm>
  )
}

function WishRow({ wish }: { wish: Wish }) {
  const [asking, setAsking] = useState(false)
  const [remove] = useDeleteWishMutation()
  const tell = useFailureToast()
  return (
    <tr>
      <th scope="row">{wish.title}</th>
      <td>{t.wishlist.kinds[wish.kind]}</td>
      <td>{wish.theme}</td>
      <td>{wish.reference}</td>
      <td>
        <button type="button" className="button button-small button-danger-quiet" aria-label={t.wishlist.remove(wish.title)} onClick={() => setAsking(true)}>
          {t.moc.remove}
        </button>
        {asking && (
          <ConfirmDialog
            title={t.moc.removeTitle(wish.title)}
            hint={t.moc.removeHint}
            action={t.moc.remove}
            onCancel={() => setAsking(false)}
            onConfirm={() => {
              setAsking(false)
              void remove(wish).then(tell)
            }}
          />
        )}
      </td>
    </tr>
  )
}
