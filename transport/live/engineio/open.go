package engineio

import (
	"crypto/rand"
	"encoding/json"
)

// openSession makes a session, its layer above first, and queues the open packet before all else.
func (srv *Server) openSession(kept any, c *conn) *Session {
	s := &Session{server: srv, id: rand.Text(), kept: kept, conn: c}
	s.made.Add(1)
	s.send([]Frame{s.openPacket()})
	s.receiver = silent{}
	s.call(func() { s.receiver = srv.receive(s) })
	s.made.Done()
	srv.remember(s)
	s.startHeartbeat()
	return s
}

func (s *Session) openPacket() Frame {
	c := s.server.config
	upgrades := []Transport{WebSocket}
	if s.conn != nil {
		upgrades = []Transport{}
	}
	encoded, _ := json.Marshal(struct {
		SID          string      `json:"sid"`
		Upgrades     []Transport `json:"upgrades"`
		PingInterval int64       `json:"pingInterval"`
		PingTimeout  int64       `json:"pingTimeout"`
		MaxPayload   int64       `json:"maxPayload"`
	}{s.id, upgrades, c.PingInterval.Milliseconds(), c.PingTimeout.Milliseconds(), c.MaxPayload}) // strings and numbers
	return control(string(packetOpen) + string(encoded))
}

// silent stands for a layer above that could not be made.
type silent struct{}

func (silent) Message([]byte, bool) {}
func (silent) Closed(Reason)        {}

func (srv *Server) remember(s *Session) {
	srv.mu.Lock()
	srv.sessions[s.id] = s
	closing := srv.closing
	srv.mu.Unlock()
	if closing { // Shutdown has not seen it
		s.Close(ShuttingDown)
	}
	if !s.isOpen() { // ended before it was remembered
		srv.forget(s)
	}
}

func (srv *Server) forget(s *Session) {
	srv.mu.Lock()
	defer srv.mu.Unlock()
	delete(srv.sessions, s.id)
}
