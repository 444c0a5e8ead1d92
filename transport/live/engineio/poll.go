package engineio

import (
	"net/http"
	"strconv"
	"time"
)

// servePoll answers with what is queued, or parks until something is, or the session ends.
func (s *Session) servePoll(w http.ResponseWriter, r *http.Request) {
	// HTTP/2 ends a stream at the server's WriteTimeout, also while nothing is written. Where there is none, fine.
	_ = http.NewResponseController(w).SetWriteDeadline(time.Time{})
	frames, parked, refusal := s.poll()
	if parked != nil {
		frames, refusal = s.park(r, parked)
	}
	if refusal == Overlapping {
		s.end(Overlap, broken)
	}
	switch {
	case refusal != "":
		s.server.refuse(w, refusal)
	case frames == nil:
		s.server.refuse(w, UnknownSession)
	default:
		s.server.answer(w, "text/plain; charset=UTF-8", payload(frames))
	}
}

// poll takes what is queued, or parks.
func (s *Session) poll() (frames []Frame, parked chan []Frame, refusal Refusal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.state == gone:
		return nil, nil, UnknownSession
	case s.state == lingering:
		defer s.server.forget(s)
		s.beat.Stop()
		s.state = gone
		return s.take(), nil, ""
	case s.conn != nil:
		return nil, nil, BadRequest
	case s.crossing != nil:
		close(s.crossing)
		s.crossing = nil
		return left.poll, nil, ""
	case s.parked != nil:
		return nil, nil, Overlapping
	case len(s.queue) > 0:
		return s.take(), nil, ""
	}
	s.parked, s.parkedAt = make(chan []Frame, 1), time.Now()
	return nil, s.parked, ""
}

// park waits for the answer.
func (s *Session) park(r *http.Request, parked chan []Frame) ([]Frame, Refusal) {
	var probing <-chan time.Time
	if s.isProbing() {
		timer := time.NewTimer(probingPoll)
		defer timer.Stop()
		probing = timer.C
	}
	select {
	case frames := <-parked:
		return frames, ""
	case <-probing:
		s.letGoForProbe()
		return <-parked, ""
	case <-r.Context().Done():
		s.end(TransportError, broken)
		return nil, UnknownSession
	}
}

func (s *Session) isProbing() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.probe != nil
}

// answer writes a whole answer, within WriteWait.
func (srv *Server) answer(w http.ResponseWriter, mediaType string, body []byte) {
	rc := http.NewResponseController(w)
	_ = rc.SetWriteDeadline(time.Now().Add(srv.config.WriteWait))
	h := w.Header()
	h.Set("Content-Type", mediaType)
	h.Set("Content-Length", strconv.Itoa(len(body)))
	h.Set("Cache-Control", "no-store")
	_, _ = w.Write(body) // a client that went away is noticed by its heartbeat
	_ = rc.Flush()
	_ = rc.SetWriteDeadline(time.Time{}) // the connection is used again
}
