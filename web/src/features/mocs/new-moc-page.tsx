import { useState } from 'react'
import { Link, useLocation } from 'wouter'
import { FormProblem } from '@/components/form-problem'
import { PageTitle } from '@/components/page-title'
import { SteadyButton } from '@/components/steady-button'
import { problemOf, type Problem } from '@/lib/problem'
import { useAppDispatch } from '@/lib/store'
import { t } from '@/lib/strings'
import { toastShown } from '@/lib/toasts-slice'
import { useSubmission } from '@/lib/use-submission'
import { DescriptionFields, describedBy, PartsFields, partsCountedBy } from './moc-fields'
import { useAddMocMutation } from './mocs-api'

export default function NewMocPage() {
  const [addMoc, { isLoading }] = useAddMocMutation()
  const add = useSubmission(addMoc)
  const [problem, setProblem] = useState<Problem>()
  const dispatch = useAppDispatch()
  const [, navigate] = useLocation()

  const submit = async (form: FormData) => {
    const { data, error } = await add({ ...describedBy(form), parts: partsCountedBy(form) })
    if (error) return setProblem(problemOf(error))
    dispatch(toastShown('info', t.moc.added(data.title)))
    navigate(`/mocs/${data.id}`)
  }

  return (
    <div className="narrow">
      <PageTitle>{t.moc.newTitle}</PageTitle>
      <form
        noValidate
        className="card stack"
        onSubmit={(event) => {
          event.preventDefault()
          void submit(new FormData(event.currentTarget))
        }}
      >
        <FormProblem problem={problem} />
        <DescriptionFields errors={problem?.fields ?? {}} />
        <PartsFields errors={problem?.fields ?? {}} />
        <div className="row">
          <SteadyButton type="submit" className="button button-primary" aria-busy={isLoading}>
            {t.moc.add}
          </SteadyButton>
          <Link href="/mocs" className="button button-quiet">
            {t.moc.cancel}
          </Link>
        </div>
      </form>
    </div>
  )
}
