package live

import (
	"cmp"
	"context"
	"log/slog"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/brickboard/brickboard/domain"
	"github.com/brickboard/brickboard/readmodel"
	"github.com/brickboard/brickboard/transport/auth"
)

// Config holds the sizes and times of a Hub. A zero field has the default that is named with it.
type Config struct {
	PingInterval time.Duration // of both protocols; 15 s
	PingTimeout  time.Duration // within which a ping is answered; 10 s
	WriteWait    time.Duration // within which a frame is written; 10 s
	DrainTimeout time.Duration // within which a session that fell behind has read everything, or is cut off; 10 s
	Compare      time.Duration // between two comparisons with the database; 10 s
	Spread       time.Duration // over which sessions are told to come back at the end; 2 s; below 0: at once

	SessionsPerCollector int   // open at once; 20
	Sessions             int   // open at once in all, and Socket.IO transports without a session; 20,000 each
	SendBuffer           int   // frames that may wait for one client; 32
	MaxPayload           int64 // bytes of one inbound message; 64 KiB
	PacketRate           int   // inbound Engine.IO packets within a second; 50
	MaxInbound           int   // inbound messages, which have no meaning, before a session is closed; 5
	Readings             int   // of the database at a time; 4
}

func (c Config) withDefaults() Config {
	c.PingInterval = cmp.Or(c.PingInterval, 15*time.Second)
	c.PingTimeout = cmp.Or(c.PingTimeout, 10*time.Second)
	c.WriteWait = cmp.Or(c.WriteWait, 10*time.Second)
	c.DrainTimeout = cmp.Or(c.DrainTimeout, 10*time.Second)
	c.Compare = cmp.Or(c.Compare, 10*time.Second)
	c.Spread = max(0, cmp.Or(c.Spread, 2*time.Second))
	c.SessionsPerCollector = cmp.Or(c.SessionsPerCollector, 20)
	c.Sessions = cmp.Or(c.Sessions, 20_000)
	c.SendBuffer = cmp.Or(c.SendBuffer, 32)
	c.MaxPayload = cmp.Or(c.MaxPayload, 64<<10)
	c.PacketRate = cmp.Or(c.PacketRate, 50)
	c.MaxInbound = cmp.Or(c.MaxInbound, 5)
	c.Readings = cmp.Or(c.Readings, 4)
	return c
}

// Dashboards is read for sessions: a readmodel.Reader on the primary. What it reads is not older than what the bus has
// told.
type Dashboards interface {
	State(ctx context.Context, collector domain.CollectorID) (readmodel.State, error)
	States(ctx context.Context, collectors []domain.CollectorID) (map[domain.CollectorID]readmodel.State, error)
	Changes(ctx context.Context, collector domain.CollectorID, since readmodel.Told, to readmodel.Audience) (*readmodel.Changes, error)
}

// Deps is what a Hub works with. All of it is needed.
type Deps struct {
	Dashboards Dashboards
	Verifier   *auth.Verifier
	Origins    *auth.Origins
	Metrics    prometheus.Registerer
	Log        *slog.Logger
	Now        func() time.Time // by which tokens expire
}

// The paths that a Hub serves.
const (
	SocketIOPath = "/socket.io/"
	PlainPath    = "/ws/dashboard"
)

// Subprotocol is that of the plain WebSocket. A client that cannot send headers offers a second one beside it, which
// begins with bearerPrefix and goes on with its token.
const (
	Subprotocol  = "brickboard.v1"
	bearerPrefix = "bearer."
)

const (
	readTimeout   = 5 * time.Second        // of one reading for a room or an answer
	readRetry     = 500 * time.Millisecond // after one that failed
	probeLasts    = 500 * time.Millisecond // during which what a probe found is believed
	refusalLinger = 200 * time.Millisecond // for a refusal to arrive, before the transport is closed
)

// namespace is the one that there is.
const namespace = "/dashboard"

// What clients are told: codes of dashboard:error and of CONNECT_ERROR.
const (
	codeAuthFailed      = "AUTH_FAILED"
	codeTooManySessions = "TOO_MANY_SESSIONS"
	codeTokenExpired    = "TOKEN_EXPIRED"
)

// Why sessions end, beside the protocols' own reasons.
const (
	reasonTooSlow      = "too_slow"
	reasonTalkative    = "talkative"
	reasonExpired      = "token_expired"
	reasonUnauthorized = "unauthorized"
	reasonTooMany      = "too_many_sessions"
	reasonUnavailable  = "unavailable"
)

// The close codes of the plain WebSocket that are our own.
const (
	closeUnauthorized    = 4401
	closeTooManySessions = 4429
)
