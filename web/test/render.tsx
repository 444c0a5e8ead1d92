import { render } from '@testing-library/react'
import type { ReactNode } from 'react'
import { Provider } from 'react-redux'
import { Router } from 'wouter'
import { memoryLocation } from 'wouter/memory-location'
import { EnvironmentContext } from '@/lib/environment-context'
import type { Environment } from '@/lib/environment'
import { makeStore } from '@/lib/store'
import { FakeSocket, testEnvironment } from './fakes.ts'

/** Renders as the page does, with a fake socket, at the given address. */
export function renderPage(children: ReactNode, path = '/dashboard', more: Partial<Environment> = {}) {
  const socket = new FakeSocket()
  const environment = testEnvironment(socket, more)
  const store = makeStore(environment)
  const location = memoryLocation({ path, record: true })
  const rendered = render(
    <Provider store={store}>
      <EnvironmentContext value={environment}>
        <Router hook={location.hook} searchHook={location.searchHook}>
          {children}
        </Router>
      </EnvironmentContext>
    </Provider>,
  )
  return { ...rendered, socket, store, environment, history: location.history }
}
