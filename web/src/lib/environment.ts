import type { LiveSocket } from './live/connection'

/** What the page is given by where it runs; all of it can be replaced, as the tests do. */
export type Environment = {
  /** Where the server is, without a slash at the end; '': where the page came from. */
  serverUrl: string
  /** A token for REST and socket, where the page is embedded elsewhere and given one; else the cookie speaks. */
  token: (() => string | Promise<string>) | undefined
  /** Failures since the last connect after which the page polls: 5 to 10. */
  failuresUntilDegraded: number
  /** Whether this server signs in a demo collector. */
  demo: boolean
  /** In place of the official client. */
  makeSocket?: (environment: Environment) => LiveSocket
}

export const pageEnvironment: Environment = {
  serverUrl: '',
  token: undefined,
  failuresUntilDegraded: 5,
  demo: document.querySelector<HTMLMetaElement>('meta[name="brickboard-demo"]')?.content === 'true',
}
