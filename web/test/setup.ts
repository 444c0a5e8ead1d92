import { cleanup, configure } from '@testing-library/react'
import { afterEach } from 'vitest'

configure({ asyncUtilTimeout: 10_000 }) // a machine that is busy with other tests is slow

afterEach(cleanup)
