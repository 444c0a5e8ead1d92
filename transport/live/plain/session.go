package plain

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"runtime/debug"
	"sync"

	"github.com/gorilla/websocket"
	"github.com/olahol/melody"
)

// Session is one client. All methods may be called at any time from any goroutine, also after the session's end; none
// blocks, and none calls what it was given before it returns.
type Session struct {
	server *Server
	melody *melody.Session
	client Client

	mu      sync.Mutex
	queued  int
	ending  bool // a close frame is queued, or the connection is cut
	reason  Reason
	drained func()
}

// Send queues texts one after the other. It says whether the session was open; where they are more than Capacity leaves
// room for, the session is cut off.
func (s *Session) Send(texts ...[]byte) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ending {
		return false
	}
	if s.queued+len(texts) > s.server.config.SendBuffer {
		s.cut(BufferFull)
		return true
	}
	for _, text := range texts {
		s.queued++
		_ = s.melody.Write(text) // closed: the read pump's end tells
	}
	return true
}

// Capacity is how many frames may be unsent.
func (s *Session) Capacity() int { return s.server.config.SendBuffer }

// Queued is how many frames are unsent.
func (s *Session) Queued() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.queued
}

// WhenDrained has fn called once, on a goroutine of its own, as soon as nothing is unsent. It says false, and does not
// call fn, where nothing is unsent already or the session has ended.
func (s *Session) WhenDrained(fn func()) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ending || s.queued == 0 {
		return false
	}
	s.drained = fn
	return true
}

// Close ends the session by a close frame, after all that is queued.
func (s *Session) Close(reason Reason, code int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.ending {
		s.ending, s.reason, s.drained = true, reason, nil
		_ = s.melody.CloseWithMsg(websocket.FormatCloseMessage(code, "")) // closed already
	}
}

// isUp says whether the session was opened, or is about to be, and can be closed.
func (s *Session) isUp() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.melody != nil
}

// Cut breaks the connection. What is unsent is dropped.
func (s *Session) Cut(reason Reason) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cut(reason)
}

// cut breaks the connection below TLS: closing that would write, and could block. A session that is being closed is cut
// too: its client may not read.
func (s *Session) cut(reason Reason) {
	if !s.ending {
		s.ending, s.reason, s.drained = true, reason, nil
	}
	raw := s.melody.WebsocketConnection().NetConn()
	if encrypted, ok := raw.(*tls.Conn); ok {
		raw = encrypted.NetConn()
	}
	_ = raw.Close() // closed already
}

func (s *Session) wrote() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.queued--
	if s.queued == 0 && s.drained != nil {
		go s.drained()
		s.drained = nil
	}
}

func (s *Session) up(m *melody.Session) {
	m.Request = nil // nobody asks for it any more
	s.mu.Lock()
	s.melody = m
	s.mu.Unlock()
	s.client.Opened(s)
	if s.server.isClosing() { // Shutdown may not have seen it
		s.Close(ShuttingDown, websocket.CloseGoingAway)
	}
}

func (s *Session) down() {
	s.mu.Lock()
	if !s.ending {
		s.ending, s.reason = true, TransportError
	}
	reason := s.reason
	s.drained = nil
	s.mu.Unlock()
	s.client.Closed(reason)
}

func (s *Session) received() {
	s.mu.Lock()
	ending := s.ending
	s.mu.Unlock()
	if !ending {
		s.client.Received(s)
	}
}

// failed hears of every error of the connection, maybe within Send: melody's queue has room for all that Send lets
// through, so what comes here while mu is held is ErrWriteClosed alone.
func (s *Session) failed(err error) {
	if errors.Is(err, melody.ErrWriteClosed) {
		return
	}
	if errors.Is(err, melody.ErrMessageBufferFull) {
		_ = s.melody.WebsocketConnection().NetConn().Close() // nothing else is safe here
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.ending {
		s.ending, s.reason, s.drained = true, s.reasonOf(err), nil
	}
}

// newMelody sets up the server's WebSockets. Its own Close is never used: on a full queue it overflows the stack.
func newMelody(c Config) *melody.Melody {
	m := melody.New()
	m.Config.MaxMessageSize = c.MaxPayload
	m.Config.MessageBufferSize = c.SendBuffer + spare
	m.Config.WriteWait = c.WriteWait
	m.Config.PingPeriod = c.PingInterval
	m.Config.PongWait = c.PingInterval + c.PingTimeout
	m.Upgrader.CheckOrigin = func(*http.Request) bool { return true } // whoever calls Accept has decided
	m.Upgrader.Subprotocols = []string{c.Subprotocol}
	m.Upgrader.WriteBufferPool = new(sync.Pool)
	m.HandleConnect(func(s *melody.Session) { guard(c, s, func(own *Session) { own.up(s) }) })
	m.HandleDisconnect(func(s *melody.Session) { guard(c, s, (*Session).down) })
	m.HandleMessage(func(s *melody.Session, _ []byte) { guard(c, s, (*Session).received) })
	m.HandleMessageBinary(func(s *melody.Session, _ []byte) { guard(c, s, (*Session).received) })
	m.HandleSentMessage(func(s *melody.Session, _ []byte) { guard(c, s, (*Session).wrote) })
	m.HandleError(func(s *melody.Session, err error) { guard(c, s, func(own *Session) { own.failed(err) }) })
	return m
}

// guard calls fn. A panic would make melody keep the session for ever: it breaks the connection instead.
func guard(c Config, m *melody.Session, fn func(*Session)) {
	defer func() {
		if p := recover(); p != nil {
			c.Log.Error("live connection panicked", "error", fmt.Sprint(p), "stack", string(debug.Stack()))
			_ = m.WebsocketConnection().NetConn().Close() // closed already
		}
	}()
	fn(sessionOf(m))
}

func sessionOf(m *melody.Session) *Session {
	value, _ := m.Get(sessionKey)
	return value.(*Session) //nolint:forcetypeassert // Accept puts it there, and nothing else does
}

// reasonOf says what an error of the connection means, with mu held. gorilla hides which operation ran out of time: it
// was the write, where something is unsent.
func (s *Session) reasonOf(err error) Reason {
	var (
		closed *websocket.CloseError
		failed net.Error
	)
	switch {
	case errors.Is(err, websocket.ErrReadLimit):
		return TooLarge
	case errors.As(err, &closed) && closed.Code != websocket.CloseAbnormalClosure: // which is an end without a close frame
		return ClientClosed
	case errors.As(err, &failed) && failed.Timeout() && s.queued > 0:
		return WriteTimeout
	case errors.As(err, &failed) && failed.Timeout():
		return PingTimeout
	}
	return TransportError
}
