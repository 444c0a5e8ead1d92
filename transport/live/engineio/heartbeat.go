package engineio

import "time"

// One timer per session pings, and notices the client that does not answer. Deadlines follow from the time at which a
// ping was due, not from when the timer came to it, so that lookup knows a dead session by the clock alone.

// startHeartbeat begins to ping.
func (s *Session) startHeartbeat() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.state != open {
		return
	}
	s.nextPing = time.Now().Add(s.server.config.PingInterval)
	s.beat = time.AfterFunc(s.server.config.PingInterval, func() { s.call(s.tick) })
}

// tick sends the ping, or ends the session that has not answered it.
func (s *Session) tick() {
	if s.expired() {
		s.end(PingTimeout, broken)
		return
	}
	s.mu.Lock()
	if s.state != open {
		s.mu.Unlock()
		return
	}
	fits := true
	if wait := time.Until(s.nextPing); s.pinged || wait > 0 { // answered while the timer fired
		s.beat.Reset(max(time.Until(s.due()), 0))
	} else {
		s.pinged = true
		s.beat.Reset(time.Until(s.due()))
		fits = s.send([]Frame{control("2")})
	}
	s.mu.Unlock()
	if !fits {
		s.Cut(BufferFull)
	}
}

// due is when tick has something to do. mu is held.
func (s *Session) due() time.Time {
	if s.pinged {
		return s.nextPing.Add(s.server.config.PingTimeout)
	}
	return s.nextPing
}

// pong puts the next ping off.
func (s *Session) pong() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.state != open || s.beat == nil {
		return
	}
	s.pinged = false
	s.nextPing = time.Now().Add(s.server.config.PingInterval)
	s.beat.Reset(s.server.config.PingInterval)
}

// expired says whether a ping was due and is unanswered for longer than PingTimeout.
func (s *Session) expired() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state == open && s.beat != nil && !time.Now().Before(s.nextPing.Add(s.server.config.PingTimeout))
}
