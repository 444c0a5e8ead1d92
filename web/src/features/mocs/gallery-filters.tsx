import { buildStatuses, partsCoverageStatuses } from '@brickboard/dashboard-types'
import { useEffect, useState } from 'react'
import { Field, Select } from '@/components/field'
import { SteadyButton } from '@/components/steady-button'
import { dashboardApi } from '@/lib/live/dashboard-api'
import { t } from '@/lib/strings'
import type { MocFilter } from './mocs-api'

const typingMs = 250

type GalleryFiltersProps = { filter: MocFilter; onChange: (filter: MocFilter) => void }

export function GalleryFilters({ filter, onChange }: GalleryFiltersProps) {
  const { data } = dashboardApi.endpoints.getDashboard.useQuery(undefined, { refetchOnMountOrArgChange: true })
  const themes = (data?.view.themeBreakdown ?? []).filter((theme) => theme.mocCount > 0).map((theme) => theme.theme)
  if (filter.theme !== undefined && !themes.includes(filter.theme)) themes.push(filter.theme)
  const set = (name: keyof MocFilter, value: string) => {
    const { [name]: _before, ...others } = filter
    onChange(value === '' ? others : { ...others, [name]: value })
  }
  return (
    <form className="filters card" role="search" aria-label={t.mocs.filters} onSubmit={(event) => event.preventDefault()}>
      <SearchField value={filter.q ?? ''} onChange={(value) => set('q', value)} />
      <Choice label={t.mocs.theme} none={t.mocs.anyTheme} options={themes} text={(theme) => theme} value={filter.theme} onChange={(value) => set('theme', value)} />
      <Choice label={t.mocs.build} none={t.mocs.anyBuild} options={buildStatuses} text={(status) => t.build[status]} value={filter.buildStatus} onChange={(value) => set('buildStatus', value)} />
      <Choice label={t.mocs.coverage} none={t.mocs.anyCoverage} options={partsCoverageStatuses} text={(status) => t.coverage[status]} value={filter.coverageStatus} onChange={(value) => set('coverageStatus', value)} />
      <SteadyButton type="button" className="button" aria-disabled={Object.keys(filter).length === 0} onClick={() => onChange({})}>
        {t.mocs.clear}
      </SteadyButton>
    </form>
  )
}

/** Searches when typing pauses. */
function SearchField({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const [typed, setTyped] = useState(value)
  useEffect(() => setTyped(value), [value])
  useEffect(() => {
    if (typed === value) return
    const timer = setTimeout(() => onChange(typed), typingMs)
    return () => clearTimeout(timer)
  }, [typed, value, onChange])
  return (
    <Field label={t.mocs.search} name="q">
      {(control) => <input {...control} type="search" maxLength={200} value={typed} onChange={(event) => setTyped(event.target.value)} />}
    </Field>
  )
}

type ChoiceProps<T extends string> = {
  label: string
  none: string
  options: readonly T[]
  text: (option: T) => string
  value: string | undefined
  onChange: (value: string) => void
}

function Choice<T extends string>({ label, none, options, text, value, onChange }: ChoiceProps<T>) {
  return (
    <Field label={label} name={label}>
      {(control) => <Select<string> {...control} options={options} label={(option) => text(option as T)} none={none} value={value ?? ''} onChange={(event) => onChange(event.target.value)} />}
    </Field>
  )
}
