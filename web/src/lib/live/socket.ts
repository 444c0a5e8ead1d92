import { io } from 'socket.io-client'
import type { Environment } from '@/lib/environment'
import type { LiveSocket } from './connection'
import { times } from './connection'

/** The official client, with WebSocket first and its own reconnection off: see Connection. */
export function makeSocket({ serverUrl, token }: Environment): LiveSocket {
  return io(`${serverUrl}/dashboard`, {
    autoConnect: false,
    reconnection: false,
    forceNew: true,
    timeout: times.attemptMs,
    transports: ['websocket', 'polling'],
    tryAllTransports: true,
    withCredentials: token === undefined,
    auth: (give) => {
      if (token === undefined) return give({ deltas: true })
      void Promise.resolve(token()).then((fresh) => give({ deltas: true, token: fresh }))
    },
  })
}
