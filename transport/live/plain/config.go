package plain

import (
	"log/slog"
	"time"
)

// Config says how a Server behaves. All of it is needed.
type Config struct {
	Subprotocol  string        // the one that is agreed to where a client offers it
	PingInterval time.Duration // between two pings
	PingTimeout  time.Duration // within which a ping is answered
	WriteWait    time.Duration // within which one frame is written
	MaxPayload   int64         // bytes of one inbound message
	SendBuffer   int           // frames that wait to be sent; with one more the session is cut off
	Log          *slog.Logger  // hears of panics
}

// Reason says why a session ended. Whoever closes it may have reasons of its own; they should be few, for metrics.
type Reason string

// The reasons of the package.
const (
	ClientClosed   Reason = "client_closed"
	TransportError Reason = "transport_error" // the connection broke, or a frame was not WebSocket
	PingTimeout    Reason = "ping_timeout"
	WriteTimeout   Reason = "write_timeout" // a frame was not taken in WriteWait
	TooLarge       Reason = "payload_too_large"
	BufferFull     Reason = "buffer_full"
	NotOpened      Reason = "not_opened" // there was no session
	ShuttingDown   Reason = "shutting_down"
)
