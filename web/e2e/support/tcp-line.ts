import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'

/** whole: everything goes through. down: nothing does, and whoever tries is told. silent: nothing does, and nobody is. */
type State = 'whole' | 'down' | 'silent' | 'without live connections'

type Connection = { browser: Socket; server: Socket; live: boolean; webSocket: boolean }

const asksForLive = /^(?:GET|POST) \/socket\.io\//
const asksForWebSocket = /^GET \/socket\.io\/\S*transport=websocket/

/** The line between one browser and the server: what breaks in the tests breaks here, in TCP. */
export class TcpLine {
  /** The WebSocket connections that the browser asked for, let through or not. */
  webSockets = 0
  private state: State = 'whole'
  private readonly connections = new Set<Connection>()
  private readonly listener: Server

  private constructor(private readonly serverPort: number) {
    this.listener = createServer((browser) => this.accept(browser))
  }

  static async open(serverPort: number): Promise<TcpLine> {
    const line = new TcpLine(serverPort)
    await once(line.listener.listen(0, '127.0.0.1'), 'listening')
    return line
  }

  get url(): string {
    return `http://127.0.0.1:${(this.listener.address() as AddressInfo).port}`
  }

  become(state: State): void {
    this.state = state
    for (const connection of this.connections) {
      if (state === 'down' || (state === 'without live connections' && connection.live)) end(connection)
      else if (state === 'silent') pause(connection)
      else resume(connection)
    }
  }

  /** Ends what is connected; who comes back is let through. */
  cut(): void {
    this.become('down')
    this.become('whole')
  }

  /** Sends one more WebSocket message to the browser, as if the server had. */
  inject(text: string): void {
    for (const { browser, webSocket } of this.connections) if (webSocket) browser.write(textFrame(text))
  }

  close(): void {
    this.become('down')
    this.listener.close()
  }

  private accept(browser: Socket): void {
    if (this.state === 'down') {
      browser.resetAndDestroy()
      return
    }
    const connection: Connection = { browser, server: connect(this.serverPort, '127.0.0.1'), live: false, webSocket: false }
    this.connections.add(connection)
    for (const socket of [browser, connection.server]) {
      socket.on('error', () => undefined) // 'close' follows
      socket.on('close', () => {
        end(connection)
        this.connections.delete(connection)
      })
    }
    browser.on('data', (chunk) => this.ask(connection, chunk))
    connection.server.on('data', (chunk) => browser.write(chunk))
    if (this.state === 'silent') pause(connection)
  }

  private ask(connection: Connection, chunk: Buffer): void {
    if (!connection.webSocket) {
      const head = chunk.toString('latin1')
      connection.live ||= asksForLive.test(head)
      connection.webSocket = asksForWebSocket.test(head)
      if (connection.webSocket) this.webSockets++
    }
    if (connection.live && this.state === 'without live connections') end(connection)
    else connection.server.write(chunk)
  }
}

function end({ browser, server }: Connection): void {
  browser.resetAndDestroy()
  server.destroy()
}

function pause({ browser, server }: Connection): void {
  browser.pause()
  server.pause()
}

function resume({ browser, server }: Connection): void {
  browser.resume()
  server.resume()
}

/** One unmasked text message of RFC 6455, of less than 64 KiB. */
function textFrame(text: string): Buffer {
  const payload = Buffer.from(text)
  const { length } = payload
  const head = length < 126 ? [0x81, length] : [0x81, 126, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from(head), payload])
}
