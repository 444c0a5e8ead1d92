// Package live tells open dashboards what changed, over Socket.IO at /socket.io/ and plain WebSockets at /ws/dashboard.
//
// A Hub keeps a room for each collector that has sessions here, and nothing for others. The live bus, and a comparison
// every few seconds, say that a collector has come to a new revision; then the room reads what changed, once, and puts
// it into its sessions' queues. What it does when, and for whom, is decided by package rules. Nothing waits for a
// client: one that falls behind gets nothing until it has drained, and one that does not drain is cut off; it comes back
// and is told what it missed.
//
// When the database is away, rooms try again until it is back, and new connections are told to come later. The client
// rule makes up for everything that is lost on the way, a killed server too.
package live
