package engineio

// Capacity is how many packets may be unsent.
func (s *Session) Capacity() int { return s.server.config.SendBuffer }

// Queued is how many packets are unsent: not yet written to the WebSocket, or not yet handed to a poll.
func (s *Session) Queued() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.queued()
}

func (s *Session) queued() int {
	if s.conn != nil {
		return int(s.conn.queued.Load())
	}
	return len(s.queue)
}

// WhenDrained has fn called once, on a goroutine of its own, as soon as nothing is unsent. It says false, and does not
// call fn, where nothing is unsent already or the session has ended. One fn waits at a time: a later one replaces it.
// A session that ends before calls none.
func (s *Session) WhenDrained(fn func()) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.state != open || s.queued() == 0 {
		return false
	}
	s.drained = fn
	return true
}

// sent is called by the connection when it has nothing unsent left.
func (s *Session) sent(c *conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.conn == c && s.queued() == 0 && s.drained != nil && s.state == open {
		go s.call(s.drained)
		s.drained = nil
	}
}

// take empties the queue for a poll. mu is held.
func (s *Session) take() []Frame {
	frames := s.queue
	s.queue = nil
	if drained := s.drained; drained != nil {
		s.drained = nil
		go s.call(drained)
	}
	return frames
}
