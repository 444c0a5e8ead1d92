import { useId, type ComponentProps, type ReactNode } from 'react'

type Control = { id: string; name: string; 'aria-invalid': boolean; 'aria-describedby': string | undefined }
type FieldProps = { label: string; name: string; hint?: string; error?: string | undefined; children: (control: Control) => ReactNode }

/** A label, a control, and what is to be said of it; the control says to readers what the eye sees beside it. */
export function Field({ label, name, hint, error, children }: FieldProps) {
  const id = useId()
  const said = [error && `${id}-error`, hint && `${id}-hint`].filter(Boolean).join(' ')
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children({ id, name, 'aria-invalid': error !== undefined, 'aria-describedby': said || undefined })}
      {error && (
        <p id={`${id}-error`} className="field-error">
          {error}
        </p>
      )}
      {hint && (
        <p id={`${id}-hint`} className="field-hint">
          {hint}
        </p>
      )}
    </div>
  )
}

type SelectProps<T extends string> = Omit<ComponentProps<'select'>, 'label' | 'children'> & {
  options: readonly T[]
  label: (option: T) => string
  none?: string
}

export function Select<T extends string>({ options, label, none, ...select }: SelectProps<T>) {
  return (
    <select {...select}>
      {none !== undefined && <option value="">{none}</option>}
      {options.map((option) => (
        <option key={option} value={option}>
          {label(option)}
        </option>
      ))}
    </select>
  )
}
