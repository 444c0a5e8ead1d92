package engineio

import (
	"bufio"
	"errors"
	"net"
	"net/http"
	"sync"

	"github.com/gorilla/websocket"
	"github.com/olahol/melody"
)

const (
	connKey = "conn"  // where a melody session keeps its conn
	never   = 1 << 60 // nanoseconds: 36 years
	spare   = 4       // places in melody's queue for the close frame and the answer to a probe
)

// newMelody sets up the server's WebSockets. Their heartbeat is Engine.IO's, so melody's own sleeps; and melody's
// Close is never used, see conn.cut.
func newMelody(c Config) *melody.Melody {
	m := melody.New()
	m.Config.MaxMessageSize = c.MaxPayload
	m.Config.MessageBufferSize = c.SendBuffer + spare
	m.Config.WriteWait = c.WriteWait
	m.Config.PingPeriod = never
	m.Config.PongWait = never
	m.Upgrader.CheckOrigin = func(*http.Request) bool { return true } // Config.Admit has decided
	m.Upgrader.WriteBufferPool = new(sync.Pool)
	m.HandleConnect(func(s *melody.Session) { guard(s, func(c *conn) { c.up(s) }) })
	m.HandleDisconnect(func(s *melody.Session) { guard(s, (*conn).down) })
	m.HandleMessage(func(s *melody.Session, d []byte) { guard(s, func(c *conn) { c.receive(d, false) }) })
	m.HandleMessageBinary(func(s *melody.Session, d []byte) { guard(s, func(c *conn) { c.receive(d, true) }) })
	m.HandleSentMessage(func(s *melody.Session, _ []byte) { guard(s, (*conn).wrote) })
	m.HandleSentMessageBinary(func(s *melody.Session, _ []byte) { guard(s, (*conn).wrote) })
	m.HandleError(func(s *melody.Session, err error) { guard(s, func(c *conn) { c.failed(err) }) })
	return m
}

// guard calls fn with the session's conn. A panic would make melody keep the session for ever: it breaks the
// connection instead.
func guard(s *melody.Session, fn func(*conn)) {
	value, _ := s.Get(connKey)
	c := value.(*conn) //nolint:forcetypeassert // accept puts it there, and nothing else does
	defer func() {
		if p := recover(); p != nil {
			c.server.panicked(p)
			c.doom(Panicked)
			c.cut()
		}
	}()
	fn(c)
}

// failed hears of every error of the connection. It may run within write, with the session's mu held, so it only notes
// the cause, and breaks what cannot go on.
func (c *conn) failed(err error) {
	var closed *websocket.CloseError
	switch {
	case errors.Is(err, melody.ErrMessageBufferFull):
		c.doom(BufferFull)
		c.cut()
	case errors.Is(err, melody.ErrWriteClosed):
	case errors.Is(err, websocket.ErrReadLimit):
		c.doom(TooLarge)
	case errors.As(err, &closed) && closed.Code != websocket.CloseAbnormalClosure: // which is an end without close frame
		c.doom(ClientClosed)
	default:
		c.doom(TransportError)
	}
}

// accept upgrades the request and returns; the connection lives on a goroutine of its own. What net/http and the
// request hold is free from then on, a third of a session's memory.
func (srv *Server) accept(w http.ResponseWriter, r *http.Request, c *conn) {
	if !srv.enter() {
		srv.refuse(w, Unavailable)
		return
	}
	done := make(chan struct{})
	hijacker := &hijackOnce{ResponseWriter: w, hijacked: sync.OnceFunc(func() { close(done) })}
	go func() {
		defer srv.leave()
		defer hijacker.hijacked()
		defer func() {
			if p := recover(); p != nil { // not under net/http any more, a panic would end the process
				srv.panicked(p)
			}
		}()
		srv.serve(hijacker, r, map[string]any{connKey: c})
	}()
	<-done
}

func (srv *Server) serve(w http.ResponseWriter, r *http.Request, keys map[string]any) {
	if err := srv.melody.HandleRequestWithKeys(w, r, keys); err != nil {
		srv.config.Refused(BadRequest) // gorilla has answered
	}
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
