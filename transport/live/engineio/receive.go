package engineio

import "time"

// crossing is by how much two requests of a client, on two connections, may have overtaken each other.
const crossing = 20 * time.Millisecond

// receive handles one inbound packet, after all before it.
func (s *Session) receive(p packet) {
	s.inbound.Lock()
	defer s.inbound.Unlock()
	defer s.rescue()
	if s.rate.exceeded(s.server.config.PacketRate) {
		s.end(RateExceeded, broken)
	}
	if !s.isOpen() {
		return
	}
	switch p.kind {
	case packetMessage:
		s.receiver.Message(p.data, p.binary)
	case packetPong:
		s.pong()
	case packetPing: // it is the server that pings
		s.end(ParseError, broken)
	case packetClose:
		s.leave()
	}
}

func (s *Session) isOpen() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state == open
}

// leave ends the session at its client's wish. A poll that the client sent before is answered with a packet, not an
// error, also when it arrives a moment later.
func (s *Session) leave() {
	s.mu.Lock()
	var crossed chan struct{}
	if s.conn == nil && s.parked == nil && s.state == open {
		crossed = make(chan struct{})
		s.crossing = crossed
	}
	s.mu.Unlock()
	if crossed != nil {
		timeout := time.NewTimer(crossing)
		defer timeout.Stop()
		select {
		case <-crossed:
		case <-timeout.C:
		}
	}
	s.end(ClientClosed, left)
}
