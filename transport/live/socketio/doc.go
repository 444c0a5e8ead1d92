// Package socketio is a server of the Socket.IO protocol, version 5, over package engineio: namespaces, events, acks and
// binary attachments. It knows nothing of what the events mean.
//
// Whatever a client sends is an Event, an Ack, the end of a socket, or the end of its session: a packet that is
// malformed, or that does not fit the socket's state, closes the session, as the official server does.
package socketio
