package socketio

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/brickboard/brickboard/transport/live/engineio"
)

// Config says how a Server behaves. A zero field has the default that is named with it.
type Config struct {
	Engine         engineio.Config
	ConnectTimeout time.Duration // within which a session is connected to a namespace, or is closed; 10 s
	MaxUnconnected int           // sessions that are connected to none; with one more, the oldest is closed; 10,000
	MaxAttachments int           // of one packet; 10
	Namespaces     map[string]Connect

	// UnknownNamespace and Unconnected, where set, are for counting. The first is called with each CONNECT to a namespace
	// that does not exist, the second with the end of each session that is connected to none.
	UnknownNamespace func()
	Unconnected      func(t engineio.Transport, reason engineio.Reason)
}

// Connect is called with each CONNECT of its namespace; auth is a JSON object, {} where the client sent none. It, or
// what it starts, answers with Accept or Refuse, once. Until it returns, nothing else of this client is read; until it
// has answered, ConnectTimeout runs.
type Connect func(s *Socket, auth json.RawMessage)

// The reasons, beside engineio's own, for which sessions and sockets end.
const (
	MalformedPacket  engineio.Reason = "malformed_packet"  // no Socket.IO packet
	UnexpectedPacket engineio.Reason = "unexpected_packet" // one that does not fit the socket's state
	ConnectTimeout   engineio.Reason = "connect_timeout"
	Displaced        engineio.Reason = "displaced"         // by a later one, above MaxUnconnected
	ClientDisconnect engineio.Reason = "client_disconnect" // of the socket: the client left the namespace
	ServerDisconnect engineio.Reason = "server_disconnect" // of the socket: Socket.Disconnect
)

// Server is an http.Handler for one Socket.IO path.
type Server struct {
	config Config
	engine *engineio.Server
	lobby  *lobby
}

// NewServer makes a server.
func NewServer(config Config) *Server {
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = 10 * time.Second
	}
	if config.MaxUnconnected == 0 {
		config.MaxUnconnected = 10_000
	}
	if config.MaxAttachments == 0 {
		config.MaxAttachments = 10
	}
	if config.UnknownNamespace == nil {
		config.UnknownNamespace = func() {}
	}
	if config.Unconnected == nil {
		config.Unconnected = func(engineio.Transport, engineio.Reason) {}
	}
	srv := &Server{config: config, lobby: &lobby{stay: config.ConnectTimeout, room: config.MaxUnconnected}}
	srv.engine = engineio.NewServer(config.Engine, srv.receive)
	return srv
}

// ServeHTTP answers the requests of the path; headers that are set before go out with the answer.
func (srv *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { srv.engine.ServeHTTP(w, r) }

// Shutdown closes the sessions, as engineio.Server.Shutdown does.
func (srv *Server) Shutdown(ctx context.Context, spread time.Duration) error {
	return srv.engine.Shutdown(ctx, spread)
}
