package plain

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/gorilla/websocket"
	"github.com/olahol/melody"
)

const (
	sessionKey = "session" // where a melody session keeps its Session
	spare      = 2         // places in melody's queue for close frames
)

// Server upgrades requests.
type Server struct {
	config Config
	melody *melody.Melody

	mu      sync.Mutex
	closing bool
	conns   sync.WaitGroup // added to only while not closing
}

// NewServer makes a server.
func NewServer(config Config) *Server {
	return &Server{config: config, melody: newMelody(config)}
}

// Client hears what becomes of one request.
type Client interface {
	// Opened is called when the WebSocket stands, before anything is read from it.
	Opened(s *Session)
	// Received is called with each message of the client, which is dropped; not after the session was told to close.
	Received(s *Session)
	// Closed is called once, at the end; with NotOpened where Opened was not called.
	Closed(reason Reason)
}

// Accept upgrades the request and returns; the session lives on goroutines of its own, and what net/http and the request
// hold is free, a third of a session's memory. A request that is no WebSocket handshake is answered with an error, one
// that comes while the server shuts down with 503.
func (srv *Server) Accept(w http.ResponseWriter, r *http.Request, client Client) {
	if !srv.enter() {
		http.Error(w, "cannot serve now", http.StatusServiceUnavailable)
		client.Closed(NotOpened)
		return
	}
	done := make(chan struct{})
	hijacker := &hijackOnce{ResponseWriter: w, hijacked: sync.OnceFunc(func() { close(done) })}
	go func() {
		defer srv.conns.Done()
		defer hijacker.hijacked()
		session := &Session{server: srv, client: client}
		if err := srv.melody.HandleRequestWithKeys(hijacker, r, map[string]any{sessionKey: session}); err != nil {
			client.Closed(NotOpened) // gorilla has answered
		}
	}()
	<-done
}

// Shutdown closes the sessions with 1001, evenly over spread, and waits until they are closed. When ctx is done first it
// cuts off those that are left, and returns ctx's error.
func (srv *Server) Shutdown(ctx context.Context, spread time.Duration) error {
	srv.mu.Lock()
	srv.closing = true
	srv.mu.Unlock()
	srv.closeAll(ctx, spread)
	done := make(chan struct{})
	go func() {
		srv.conns.Wait()
		close(done)
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		srv.each(func(s *Session) { s.Cut(ShuttingDown) })
		return fmt.Errorf("close plain sessions: %w", ctx.Err())
	}
}

func (srv *Server) closeAll(ctx context.Context, spread time.Duration) {
	var sessions []*Session
	srv.each(func(s *Session) { sessions = append(sessions, s) })
	if len(sessions) == 0 {
		return
	}
	tick := time.NewTicker(max(1, spread/time.Duration(len(sessions))))
	defer tick.Stop()
	for _, s := range sessions {
		s.Close(ShuttingDown, websocket.CloseGoingAway)
		select {
		case <-tick.C:
		case <-ctx.Done():
		}
	}
}

func (srv *Server) each(do func(*Session)) {
	all, _ := srv.melody.Sessions() // it is never closed
	for _, m := range all {
		if s := sessionOf(m); s.isUp() { // else it sees for itself that the server is closing
			do(s)
		}
	}
}

func (srv *Server) enter() bool {
	srv.mu.Lock()
	defer srv.mu.Unlock()
	if srv.closing {
		return false
	}
	srv.conns.Add(1)
	return true
}

func (srv *Server) isClosing() bool {
	srv.mu.Lock()
	defer srv.mu.Unlock()
	return srv.closing
}

// hijackOnce says when the connection was taken from net/http.
type hijackOnce struct {
	http.ResponseWriter
	hijacked func()
}

func (h *hijackOnce) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, buffer, err := http.NewResponseController(h.ResponseWriter).Hijack()
	if err == nil {
		h.hijacked()
	}
	return conn, buffer, err //nolint:wrapcheck // gorilla shows it
}
