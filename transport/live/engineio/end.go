package engineio

import (
	"fmt"
	"runtime/debug"
	"time"

	"github.com/gorilla/websocket"
)

// farewell is how a session ends towards its client.
type farewell struct {
	poll   []Frame // what the parked poll is answered with; nil is an error
	linger bool    // without a parked poll: wait for the next one, and answer it so
	cut    bool    // break the WebSocket, without a close frame
}

var (
	told   = farewell{poll: []Frame{control("1")}, linger: true} // nothing writes to these
	broken = farewell{poll: []Frame{control("1")}}
	left   = farewell{poll: []Frame{control("6")}}
	cut    = farewell{cut: true}
)

// Close ends the session and tells its client, after all that is queued: by a close frame (1001 where reason is
// ShuttingDown), or by the answer to the present or next poll. A client that does not read is cut off in WriteWait.
func (s *Session) Close(reason Reason) { s.end(reason, told) }

// Dismiss ends the session as Close does, but keeps nothing for the next poll, which is told that there is no session.
func (s *Session) Dismiss(reason Reason) { s.end(reason, broken) }

// Cut breaks the client's connection. What is unsent is dropped.
func (s *Session) Cut(reason Reason) { s.end(reason, cut) }

// end ends the session once; later calls do nothing.
func (s *Session) end(reason Reason, how farewell) {
	s.mu.Lock()
	if s.state != open {
		s.mu.Unlock()
		return
	}
	s.state = gone
	s.drained = nil
	if s.beat != nil {
		s.beat.Stop()
	}
	conn, probe := s.conn, s.probe
	s.probe = nil
	if conn == nil {
		s.endPolling(how)
	}
	lingers := s.state == lingering
	s.mu.Unlock()

	if probe != nil && !lingers { // a client that has paused polling to change over hears of the end where it goes on
		probe.close(websocket.CloseNormalClosure)
	}
	if conn != nil {
		conn.part(reason, how)
	}
	if !lingers {
		s.server.forget(s)
	}
	go s.call(func() {
		s.made.Wait()
		s.receiver.Closed(reason)
	})
}

// endPolling answers the parked poll, or prepares the answer to the next one. mu is held.
func (s *Session) endPolling(how farewell) {
	switch {
	case s.parked != nil:
		s.parked <- how.poll
		s.parked = nil
	case how.linger:
		s.state = lingering
		s.queue = append(s.queue, how.poll...)
		s.beat = time.AfterFunc(s.server.config.CloseTimeout, s.lingered)
		return
	}
	s.queue = nil
}

// lingered ends the wait for the last poll.
func (s *Session) lingered() {
	s.mu.Lock()
	s.state = gone
	s.queue = nil
	s.mu.Unlock()
	s.server.forget(s)
}

func (c *conn) part(reason Reason, how farewell) {
	switch {
	case how.cut:
		c.cut()
	case reason == ShuttingDown:
		c.close(websocket.CloseGoingAway)
	case reason == ParseError || reason == RateExceeded:
		c.close(websocket.ClosePolicyViolation)
	default:
		c.close(websocket.CloseNormalClosure)
	}
}

// call runs what belongs to the layer above; its panic ends the session.
func (s *Session) call(fn func()) {
	defer s.rescue()
	fn()
}

func (s *Session) rescue() {
	if p := recover(); p != nil {
		s.server.panicked(p)
		s.Cut(Panicked)
	}
}

func (srv *Server) panicked(p any) {
	srv.config.Log.Error("live session panicked", "error", fmt.Sprint(p), "stack", string(debug.Stack()))
}
