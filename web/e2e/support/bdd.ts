import { createBdd, defineParameterType } from 'playwright-bdd'
import { test } from './fixtures.ts'

defineParameterType({ name: 'collector', regexp: /Ada|Bo/, transformer: (name) => name })

export const { Given, When, Then } = createBdd(test)
