// Package plain is a server of WebSockets that carry one text a frame, to the client only. It knows nothing of what the
// texts mean.
//
// A session costs its own client only: sending never blocks, what is unsent is bounded, and a session whose bound is
// reached is cut off. Nothing that a client says has a meaning.
package plain
