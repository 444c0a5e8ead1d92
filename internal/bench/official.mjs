// The official Socket.IO server, doing what the hub does but for reading what changed: it sends a fixed summary.
import { createServer } from 'node:http'
import { createInterface } from 'node:readline'
import { Server } from 'socket.io'

const http = createServer()
const io = new Server(http, { pingInterval: 15000, pingTimeout: 10000, transports: ['websocket'], perMessageDeflate: false })
const dashboard = io.of('/dashboard')
dashboard.on('connection', (socket) => socket.join(`user:${socket.handshake.auth.user}`))
http.listen(0, '127.0.0.1', () => console.log(`127.0.0.1:${http.address().port}`))

const payload = { totalMocs: 1, totalWishlistItems: 0, mocsByBuildStatus: { ADDED: 1, IN_PROGRESS: 0, BUILT: 0 }, mocsByCoverageStatus: { FULL_INVENTORY: 0, PARTIAL_ORDERED: 1, NONE: 0 } }
createInterface({ input: process.stdin })
  .on('line', (line) => {
    const [collector, revision] = line.split(' ')
    dashboard.to(`user:${collector}`).emit('dashboard:summaryUpdated', {
      eventId: 'b7d6b0f4-8a3e-5d70-9a34-0b6f0f1f2c3d', type: 'dashboard:summaryUpdated', timestamp: new Date().toISOString(),
      payload, revision: Number(revision), epoch: 'an-epoch-of-some-length',
    })
  })
  .on('close', () => process.exit(0))
