import { buildStatuses, type BuildStatus } from '@brickboard/dashboard-types'
import { Field, Select } from '@/components/field'
import type { FieldErrors } from '@/lib/problem'
import { t } from '@/lib/strings'
import type { Moc, MocEdit, Parts } from './mocs-api'

type Described = Pick<Moc, 'title' | 'theme' | 'buildStatus' | 'coverImageUrl'>

export function DescriptionFields({ moc, errors }: { moc?: Described; errors: FieldErrors }) {
  return (
    <>
      <Field label={t.moc.title} name="title" error={errors['title']}>
        {(control) => <input {...control} defaultValue={moc?.title} maxLength={200} required autoComplete="off" />}
      </Field>
      <Field label={t.moc.theme} name="theme" error={errors['theme']}>
        {(control) => <input {...control} defaultValue={moc?.theme} maxLength={80} required autoComplete="off" />}
      </Field>
      <Field label={t.moc.build} name="buildStatus" error={errors['buildStatus']}>
        {(control) => <Select<BuildStatus> {...control} options={buildStatuses} label={(status) => t.build[status]} defaultValue={moc?.buildStatus ?? 'ADDED'} />}
      </Field>
      <Field label={t.moc.cover} name="coverImageUrl" hint={t.moc.coverHint} error={errors['coverImageUrl']}>
        {(control) => <input {...control} type="url" defaultValue={moc?.coverImageUrl ?? ''} autoComplete="off" />}
      </Field>
    </>
  )
}

export function PartsFields({ parts, errors }: { parts?: Parts; errors: FieldErrors }) {
  return (
    <fieldset>
      <legend>{t.moc.parts}</legend>
      <p className="hint">{t.moc.partsHint}</p>
      {errors['parts'] && <p className="field-error">{errors['parts']}</p>}
      <div className="fields-in-row">
        {(['total', 'owned', 'ordered'] as const).map((count) => (
          <Field key={count} label={t.moc[count]} name={count} error={errors[`parts.${count}`] ?? errors[count]}>
            {(control) => <input {...control} type="number" inputMode="numeric" min={0} max={1_000_000} step={1} defaultValue={parts?.[count] ?? 0} />}
          </Field>
        ))}
      </div>
    </fieldset>
  )
}

/** What the form says; the server judges it. */
export function describedBy(form: FormData): Required<MocEdit> {
  const text = (name: string) => String(form.get(name) ?? '').trim()
  return {
    title: text('title'),
    theme: text('theme'),
    buildStatus: text('buildStatus') as BuildStatus,
    coverImageUrl: text('coverImageUrl') || null,
  }
}

export function partsCountedBy(form: FormData): Parts {
  const count = (name: string) => Number(form.get(name) || 0)
  return { total: count('total'), owned: count('owned'), ordered: count('ordered') }
}
