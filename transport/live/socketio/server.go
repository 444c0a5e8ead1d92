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
	MaxAttachments int           // of one packet; 10
	Namespaces     map[string]Connect

	// UnknownNamespace, where set, is called with each CONNECT, for counting: those of namespaces that do not exist.
	UnknownNamespace func()
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
	ClientDisconnect engineio.Reason = "client_disconnect" // of the socket: the client left the namespace
	ServerDisconnect engineio.Reason = "server_disconnect" // of the socket: Socket.Disconnect
)

// Server is an http.Handler for one Socket.IO path.
type Server struct {
	config Config
	engine *engineio.Server
}

// NewServer makes a server.
func NewServer(config Config) *Server {
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = 10 * time.Second
	}
	if config.MaxAttachments == 0 {
		config.MaxAttachments = 10
	}
	if config.UnknownNamespace == nil {
		config.UnknownNamespace = func() {}
	}
	srv := &Server{config: config}
	srv.engine = engineio.NewServer(config.Engine, srv.receive)
	return srv
}

// ServeHTTP answers the requests of the path; headers that are set before go out with the answer.
func (srv *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { srv.engine.ServeHTTP(w, r) }

// Len is how many sessions there are, with or without sockets.
func (srv *Server) Len() int { return srv.engine.Len() }

// Shutdown closes the sessions, as engineio.Server.Shutdown does.
func (srv *Server) Shutdown(ctx context.Context, spread time.Duration) error {
	return srv.engine.Shutdown(ctx, spread)
}
