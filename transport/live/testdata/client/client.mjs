// The official client, as a program: a command in JSON a line on standard input, what happens a line on standard output.
import { createInterface } from 'node:readline'
import { io } from 'socket.io-client'

const types = ['summaryUpdated', 'themeBreakdownUpdated', 'recentMocAdded', 'recentMocsUpdated', 'partialPartsUpdated',
  'partialPartsChanged', 'resync', 'error'].map((name) => `dashboard:${name}`)
const clients = new Map()
const say = (id, what, more = {}) => process.stdout.write(`${JSON.stringify({ id, what, ...more })}\n`)

function connect({ id, url, auth, options }) {
  const kept = { auth }
  const socket = io(`${url}/dashboard`, {
    reconnectionDelay: 20, reconnectionDelayMax: 100, timeout: 5000, forceNew: true,
    ...options, auth: (answer) => answer(kept.auth),
  })
  clients.set(id, { socket, kept })
  socket.io.on('open', () => socket.io.engine.on('upgrade', () => say(id, 'upgrade')))
  socket.on('connect', () => say(id, 'connect', { recovered: socket.recovered, transport: socket.io.engine.transport.name }))
  socket.on('connect_error', (error) => say(id, 'connect_error', { message: error.message, data: error.data ?? null, active: socket.active }))
  socket.on('disconnect', (reason) => say(id, 'disconnect', { reason }))
  for (const type of types) {
    socket.on(type, (envelope, offset) => say(id, 'envelope', { type, envelope, offset: offset ?? '' }))
  }
}

const commands = {
  connect,
  auth: ({ id, auth }) => { clients.get(id).kept.auth = auth },
  cut: ({ id }) => clients.get(id).socket.io.engine?.close(),
  transport: ({ id }) => say(id, 'transport', { transport: clients.get(id).socket.io.engine.transport.name }),
  emit: ({ id, args }) => clients.get(id).socket.emit(...args),
}

createInterface({ input: process.stdin })
  .on('line', (line) => { const command = JSON.parse(line); commands[command.do](command) })
  .on('close', () => process.exit(0))
