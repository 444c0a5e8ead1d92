package engineio

import (
	"errors"
	"net/http"
	"net/url"
	"sync"

	"github.com/gorilla/websocket"
	"github.com/olahol/melody"
)

// Server is an http.Handler for one Engine.IO path.
type Server struct {
	config  Config
	receive func(*Session) Receiver
	melody  *melody.Melody

	mu       sync.Mutex
	sessions map[string]*Session
	closing  bool
	conns    sync.WaitGroup // WebSockets; added to only while not closing
}

// NewServer makes a server. receive gives the layer above of each new session, before anything is read from its client
// and before its id is known to anyone; what it sends then is sent after the open packet.
func NewServer(config Config, receive func(*Session) Receiver) *Server {
	config = config.withDefaults()
	return &Server{
		config: config, receive: receive, melody: newMelody(config), sessions: map[string]*Session{},
	}
}

// ServeHTTP answers a handshake, a poll, a POST or a WebSocket's upgrade. Headers that are set before go out with it.
func (srv *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	transport, upgrade := Transport(query.Get("transport")), websocket.IsWebSocketUpgrade(r)
	switch {
	case transport != Polling && transport != WebSocket:
		srv.refuse(w, UnknownTransport)
	case query.Get("sid") != "":
		srv.serveSession(w, r, query, transport, upgrade)
	case r.Method != http.MethodGet:
		srv.refuse(w, BadHandshakeMethod)
	case upgrade != (transport == WebSocket):
		srv.refuse(w, BadRequest)
	case query.Get("EIO") != "4":
		srv.refuse(w, UnsupportedVersion)
	default:
		srv.handshake(w, r, transport)
	}
}

// serveSession answers a request of an open session.
func (srv *Server) serveSession(w http.ResponseWriter, r *http.Request, query url.Values, t Transport, upgrade bool) {
	s := srv.lookup(query.Get("sid"))
	switch {
	case s == nil:
		srv.refuse(w, UnknownSession)
	case query.Get("EIO") != "4" || upgrade != (t == WebSocket):
		srv.refuse(w, BadRequest)
	case upgrade:
		srv.accept(w, r, &conn{server: srv, session: s, probing: true})
	case s.Transport() != Polling:
		srv.refuse(w, BadRequest)
	case r.Method == http.MethodGet:
		s.servePoll(w, r)
	case r.Method == http.MethodPost:
		s.servePost(w, r)
	default:
		srv.refuse(w, BadRequest)
	}
}

// lookup finds a session by its id; one whose ping is unanswered for too long is none.
func (srv *Server) lookup(id string) *Session {
	srv.mu.Lock()
	s := srv.sessions[id]
	srv.mu.Unlock()
	if s != nil && s.expired() {
		s.end(PingTimeout, broken)
		return nil
	}
	return s
}

func (srv *Server) handshake(w http.ResponseWriter, r *http.Request, transport Transport) {
	if srv.isClosing() {
		srv.refuse(w, Unavailable)
		return
	}
	kept, err := srv.config.Admit(r)
	switch {
	case errors.Is(err, ErrUnavailable):
		srv.refuse(w, Unavailable)
	case err != nil:
		srv.refuse(w, Forbidden)
	case transport == WebSocket:
		srv.accept(w, r, &conn{server: srv, kept: kept})
	default:
		srv.openSession(kept, nil).servePoll(w, r)
	}
}
