import { t } from './strings'

export type FieldErrors = Record<string, string>
export type Problem = { code: string; detail: string; fields: FieldErrors }

/** What an error of RTK Query says, in the server's words where it gave some (RFC 9457). */
export function problemOf(error: unknown): Problem {
  const { status, data } = isRecord(error) ? error : {}
  if (isRecord(data) && typeof data['code'] === 'string') {
    return { code: data['code'], detail: text(data['detail']) ?? t.errors.unknown, fields: fieldErrors(data['errors']) }
  }
  const unreachable = status === 'FETCH_ERROR' || status === 'TIMEOUT_ERROR'
  return { code: '', detail: unreachable ? t.errors.unreachable : t.errors.unknown, fields: {} }
}

function fieldErrors(errors: unknown): FieldErrors {
  const fields: FieldErrors = {}
  for (const error of Array.isArray(errors) ? (errors as unknown[]) : []) {
    if (!isRecord(error)) continue
    const field = text(error['field'])
    const message = text(error['message'])
    if (field !== undefined && message !== undefined) fields[field] ??= message
  }
  return fields
}

const text = (value: unknown) => (typeof value === 'string' ? value : undefined)

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
