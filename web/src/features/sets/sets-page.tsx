import { useState } from 'react'
import { AddForm } from '@/components/add-form'
import { ConfirmDialog } from '@/components/confirm-dialog'
import { Field } from '@/components/field'
import { PagedList } from '@/components/paged-list'
import { PageTitle } from '@/components/page-title'
import { SteadyButton } from '@/components/steady-button'
import { formatNumber } from '@/lib/format'
import { t } from '@/lib/strings'
import { useFailureToast } from '@/lib/use-failure-toast'
import { useSubmission } from '@/lib/use-submission'
import { useAddSetMutation, useChangeQuantityMutation, useDeleteSetMutation, useListSetsInfiniteQuery, type LegoSet } from './sets-api'

export default function SetsPage() {
  const list = useListSetsInfiniteQuery(undefined, { refetchOnMountOrArgChange: true })
  return (
    <>
      <PageTitle>{t.sets.title}</PageTitle>
      <AddSet />
      <PagedList list={list} emptyTitle={t.sets.empty} emptyHint={t.sets.emptyHint}>
        {(sets) => (
          <table className="list card">
            <caption className="visually-hidden">{t.sets.caption}</caption>
            <thead>
              <tr>
                <th scope="col">{t.sets.name}</th>
                <th scope="col">{t.sets.number}</th>
                <th scope="col">{t.sets.theme}</th>
                <th scope="col">{t.sets.quantity}</th>
                <th scope="col">{t.sets.actions}</th>
              </tr>
            </thead>
            <tbody>
              {sets.map((set) => (
                <SetRow key={set.id} set={set} />
              ))}
            </tbody>
          </table>
        )}
      </PagedList>
    </>
  )
}

function AddSet() {
  const [addSet] = useAddSetMutation()
  const add = useSubmission(addSet)
  const send = (form: FormData) =>
    add({
      setNumber: String(form.get('setNumber')).trim(),
      name: String(form.get('name')).trim(),
      theme: String(form.get('theme')).trim(),
      quantity: Number(form.get('quantity')),
    })
  return (
    <AddForm title={t.sets.add} submit={t.sets.submit} send={send}>
      {(errors) => (
        <>
          <Field label={t.sets.number} name="setNumber" error={errors['setNumber']}>
            {(control) => <input {...control} maxLength={64} autoComplete="off" required />}
          </Field>
          <Field label={t.sets.name} name="name" error={errors['name']}>
            {(control) => <input {...control} maxLength={200} autoComplete="off" required />}
          </Field>
          <Field label={t.sets.theme} name="theme" error={errors['theme']}>
            {(control) => <input {...control} maxLength={80} autoComplete="off" required />}
          </Field>
          <Field label={t.sets.quantity} name="quantity" error={errors['quantity']}>
            {(control) => <input {...control} type="number" inputMode="numeric" min={1} max={9999} defaultValue={1} required />}
          </Field>
        </>
      )}
    </AddForm>
  )
}

function SetRow({ set }: { set: LegoSet }) {
  const [asking, setAsking] = useState(false)
  const [change, changing] = useChangeQuantityMutation()
  const [remove] = useDeleteSetMutation()
  const tell = useFailureToast()
  const step = (by: number, end: number) => ({
    'aria-busy': changing.isLoading,
    'aria-disabled': set.quantity === end,
    onClick: () => void change({ set, quantity: set.quantity + by }).then(tell),
  })
  return (
    <tr>
      <th scope="row">{set.name}</th>
      <td>{set.setNumber}</td>
      <td>{set.theme}</td>
      <td>
        <span className="stepper">
          <SteadyButton type="button" className="button button-small" aria-label={t.sets.fewer(set.name)} {...step(-1, 1)}>
            −
          </SteadyButton>
          <span className="stepper-value">{formatNumber(set.quantity)}</span>
          <SteadyButton type="button" className="button button-small" aria-label={t.sets.another(set.name)} {...step(1, 9999)}>
            +
          </SteadyButton>
        </span>
      </td>
      <td>
        <button type="button" className="button button-small button-danger-quiet" aria-label={t.sets.remove(set.name)} onClick={() => setAsking(true)}>
          {t.moc.remove}
        </button>
        {asking && (
          <ConfirmDialog
            title={t.moc.removeTitle(set.name)}
            hint={t.moc.removeHint}
            action={t.moc.remove}
            onCancel={() => setAsking(false)}
            onConfirm={() => {
              setAsking(false)
              void remove(set).then(tell)
            }}
          />
        )}
      </td>
    </tr>
  )
}
