package engineio

import (
	"bytes"
	"time"

	"github.com/gorilla/websocket"
	"github.com/olahol/melody"
)

// probingPoll is how long a poll waits while a WebSocket probes: the client changes over when it is answered.
const probingPoll = 100 * time.Millisecond

// up is called when the WebSocket is open, before anything is read from it or written to it.
func (c *conn) up(s *melody.Session) {
	c.melody.Store(s)
	s.Request = nil
	if !c.probing {
		c.session = c.server.openSession(c.kept, c)
		c.kept = nil
		return
	}
	if !c.session.startProbe(c) {
		c.session = nil
		c.close(websocket.CloseNormalClosure)
	}
}

// startProbe lets a WebSocket ask to take over; only one, and only from polling.
func (s *Session) startProbe(c *conn) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.state != open || s.conn != nil || s.probe != nil {
		return false
	}
	s.probe = c
	time.AfterFunc(s.server.config.UpgradeTimeout, func() { s.abandonProbe(c) })
	return true
}

// probe handles what the probing WebSocket sends: the probe, then the wish to take over.
func (c *conn) probe(p packet, err error) {
	switch {
	case err == nil && p.kind == packetPing && bytes.Equal(p.data, []byte("probe")):
		c.probed = true
		c.write(control("3probe"))
		c.session.letGoForProbe()
	case err == nil && p.kind == packetUpgrade && c.probed && c.session.takeOver(c):
		c.probing = false
	default:
		c.session.abandonProbe(c)
	}
}

// letGoForProbe answers the parked poll, so that the client can pause polling; one that came a moment ago, a moment
// later, for takeOver to see.
func (s *Session) letGoForProbe() {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.state != open || s.conn != nil || s.parked == nil:
	case time.Since(s.parkedAt) < crossing:
		time.AfterFunc(crossing, s.letGoForProbe)
	default:
		s.parked <- left.poll
		s.parked = nil
	}
}

// takeOver makes the probing WebSocket the session's transport, with all that is unsent. A client pauses polling before,
// so a poll that came a moment ago was sent after: it is answered as if it had come after, too.
func (s *Session) takeOver(c *conn) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.state != open || s.probe != c {
		return false
	}
	if s.parked != nil {
		answer := left.poll
		if time.Since(s.parkedAt) < crossing {
			answer = nil
		}
		s.parked <- answer
		s.parked = nil
	}
	s.conn, s.probe = c, nil
	for _, f := range s.queue {
		c.write(f)
	}
	s.queue = nil
	return true
}

// abandonProbe closes a WebSocket that asked and did not take over; the session stays with polling.
func (s *Session) abandonProbe(c *conn) {
	s.mu.Lock()
	abandoned := s.conn != c
	if s.probe == c {
		s.probe = nil
	}
	s.mu.Unlock()
	if abandoned {
		c.close(websocket.CloseNormalClosure)
	}
}

// probeDown notes that the probing WebSocket is gone.
func (s *Session) probeDown(c *conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.probe == c {
		s.probe = nil
	}
}
