import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { Provider } from 'react-redux'
import { SessionChanges } from '@/features/session/session-changes'
import { pageEnvironment, type Environment } from '@/lib/environment'
import { EnvironmentContext } from '@/lib/environment-context'
import { makeStore } from '@/lib/store'
import { App } from './app'

/** Mounts the page; embedded elsewhere it is given a server and a token. Returns how to take it away again. */
export function mount(element: Element, given: Partial<Environment> = {}): () => void {
  const environment = { ...pageEnvironment, ...given }
  const failuresUntilDegraded = Math.min(10, Math.max(5, environment.failuresUntilDegraded))
  const settled = { ...environment, failuresUntilDegraded }
  const root = createRoot(element)
  root.render(
    <StrictMode>
      <Provider store={makeStore(settled)}>
        <EnvironmentContext value={settled}>
          <SessionChanges>
            <App />
          </SessionChanges>
        </EnvironmentContext>
      </Provider>
    </StrictMode>,
  )
  return () => root.unmount()
}
