// Package engineio is a server of the Engine.IO protocol, version 4: a session over HTTP long-polling or WebSocket, its
// heartbeat, and the upgrade from the first to the second. It knows nothing of what the messages mean.
//
// A session costs its own client only: sending never blocks, what is unsent is bounded, and a session whose bound is
// reached is cut off. Whatever a client sends ends in a message, an ignored packet or the session's end with a Reason;
// a panic of the layer above ends that one session.
//
// Where the protocol's document is silent, the server does as the official one in JavaScript does.
package engineio
