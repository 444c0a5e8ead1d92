package engineio

import (
	"sync"
	"time"
)

// Receiver is the layer above one session.
type Receiver interface {
	// Message hands over a message and its data; text is valid UTF-8. It is called for one message at a time, in order.
	// While it runs nothing else of this client is read.
	Message(data []byte, binary bool)

	// Closed is called once, on a goroutine of its own; the last Message may still be running.
	Closed(reason Reason)
}

// Session is one client, across its transports. All methods may be called at any time from any goroutine, also from
// within a Receiver and after the session's end; none blocks, none calls the Receiver before it returns.
type Session struct {
	server   *Server
	id       string
	kept     any
	receiver Receiver
	made     sync.WaitGroup // until receiver is there
	inbound  sync.Mutex     // held while one packet is handled
	rate     rate           // guarded by inbound

	mu       sync.Mutex // nothing of a Receiver is called with it held
	state    state
	conn     *conn        // the WebSocket; nil while polling
	probe    *conn        // the WebSocket that asks to take over
	queue    []Frame      // what the next poll takes
	parked   chan []Frame // the poll that waits; what it is sent ends it, nil with an error
	parkedAt time.Time
	crossing chan struct{} // closed by the poll that crosses the client's own close
	posting  bool          // a POST is being handled
	drained  func()
	beat     *time.Timer // the heartbeat while open, then what ends the lingering
	nextPing time.Time
	pinged   bool // nextPing was sent, and not yet answered
}

type state uint8

const (
	open      state = iota
	lingering       // closed, and waiting for the poll, or the change to WebSocket, that is told
	gone
)

// ID is the session's id: a secret between client and server, while the session lasts.
func (s *Session) ID() string { return s.id }

// Kept is what Config.Admit kept of the handshake's request.
func (s *Session) Kept() any { return s.kept }

// Transport is the present one.
func (s *Session) Transport() Transport {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.transport()
}

func (s *Session) transport() Transport {
	if s.conn != nil {
		return WebSocket
	}
	return Polling
}

// Send queues frames one after the other, with nothing between them. It says whether the session was open; where they
// are more than Capacity leaves room for, the session is cut off with BufferFull, and Send says true.
func (s *Session) Send(frames ...Frame) bool {
	s.mu.Lock()
	if s.state != open {
		s.mu.Unlock()
		return false
	}
	fits := s.send(frames)
	s.mu.Unlock()
	if !fits {
		s.Cut(BufferFull)
	}
	return true
}

// send hands frames to the transport, with mu held, and says whether they fit.
func (s *Session) send(frames []Frame) bool {
	if s.queued()+len(frames) > s.server.config.SendBuffer {
		return false
	}
	if s.conn != nil {
		for _, f := range frames {
			s.conn.write(f)
		}
		return true
	}
	s.queue = append(s.queue, frames...)
	s.letGo()
	return true
}

// letGo answers the parked poll, if any, with what is queued. mu is held.
func (s *Session) letGo() {
	if s.parked != nil {
		s.parked <- s.take()
		s.parked = nil
	}
}
