package engineio

import (
	"errors"
	"log/slog"
	"net/http"
	"time"
)

// ErrUnavailable, returned or wrapped by Config.Admit, answers a handshake with 503: the client tries again later.
var ErrUnavailable = errors.New("cannot serve now")

// Config says how a Server behaves. A zero field has the default that is named with it.
type Config struct {
	PingInterval   time.Duration // between the answer to a ping and the next; 25 s
	PingTimeout    time.Duration // within which a ping is answered; 20 s
	UpgradeTimeout time.Duration // within which a probing WebSocket takes over; 10 s
	CloseTimeout   time.Duration // how long a session closed between two polls waits for the one that is told; 30 s
	WriteWait      time.Duration // within which one frame or one poll's answer is written; 10 s
	MaxPayload     int64         // bytes of one inbound WebSocket message or POST body; 1,000,000
	SendBuffer     int           // packets that wait to be sent; with one more the session is cut off; 32
	PacketRate     int           // inbound packets within a second, then the session is closed; 0: no limit

	// Admit is asked once a handshake, before anything is opened. What it keeps of the request is Session.Kept; the
	// request itself is let go. ErrUnavailable answers 503, every other error 403. Default: everybody.
	Admit func(r *http.Request) (kept any, err error)

	// Refused, where set, is for counting: it is called with each request that is answered with an error.
	Refused func(cause Refusal)

	Log *slog.Logger // hears of panics; slog.Default()
}

// Transport is how a session's packets travel at the moment.
type Transport string

// The transports. A session begins with either; from Polling it may change to WebSocket, never back.
const (
	Polling   Transport = "polling"
	WebSocket Transport = "websocket"
)

// Reason says why a session ended. The layer above may close with reasons of its own; they should be few, for metrics.
type Reason string

// The reasons of the package.
const (
	ClientClosed   Reason = "client_closed"     // the client said so, by packet or WebSocket close
	TransportError Reason = "transport_error"   // the connection broke, or a frame was not WebSocket
	PingTimeout    Reason = "ping_timeout"      // a ping was not answered in time
	ParseError     Reason = "parse_error"       // the client sent what is no packet
	TooLarge       Reason = "payload_too_large" // a WebSocket message above MaxPayload
	RateExceeded   Reason = "rate_exceeded"     // more than PacketRate
	Overlap        Reason = "overlap"           // two polls, or two POSTs, at a time
	BufferFull     Reason = "buffer_full"       // SendBuffer packets were unsent, and one more came
	Panicked       Reason = "panicked"          // the layer above panicked
	ShuttingDown   Reason = "shutting_down"     // Server.Shutdown
)

func (c Config) withDefaults() Config {
	orDuration(&c.PingInterval, 25*time.Second)
	orDuration(&c.PingTimeout, 20*time.Second)
	orDuration(&c.UpgradeTimeout, 10*time.Second)
	orDuration(&c.CloseTimeout, 30*time.Second)
	orDuration(&c.WriteWait, 10*time.Second)
	if c.MaxPayload == 0 {
		c.MaxPayload = 1_000_000
	}
	if c.SendBuffer == 0 {
		c.SendBuffer = 32
	}
	if c.Admit == nil {
		c.Admit = func(*http.Request) (any, error) { return nil, nil }
	}
	if c.Refused == nil {
		c.Refused = func(Refusal) {}
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	return c
}

func orDuration(d *time.Duration, otherwise time.Duration) {
	if *d == 0 {
		*d = otherwise
	}
}
