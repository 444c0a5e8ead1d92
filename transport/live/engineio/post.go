package engineio

import (
	"errors"
	"io"
	"net/http"
	"time"
)

// servePost handles the packets of a POST, in order. The first that is none ends the session.
func (s *Session) servePost(w http.ResponseWriter, r *http.Request) {
	if !s.beginPost() {
		s.end(Overlap, broken)
		s.server.refuse(w, Overlapping)
		return
	}
	defer s.endPost()
	if r.Header.Get("Content-Type") == "application/octet-stream" {
		s.end(ParseError, broken)
		s.server.refuse(w, BadRequest)
		return
	}
	body, refusal := s.readPost(w, r)
	if refusal != "" {
		s.server.refuse(w, refusal)
		return
	}
	for p, err := range decodePayload(body) {
		if err != nil {
			s.end(ParseError, broken)
			s.server.refuse(w, BadRequest)
			return
		}
		s.receive(p)
	}
	s.server.answer(w, "text/html", []byte("ok"))
}

func (s *Session) beginPost() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.posting {
		return false
	}
	s.posting = true
	return true
}

func (s *Session) endPost() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.posting = false
}

// readPost reads the body, which takes no longer than a ping may stay unanswered.
func (s *Session) readPost(w http.ResponseWriter, r *http.Request) ([]byte, Refusal) {
	c := s.server.config
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(c.PingInterval + c.PingTimeout))
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, c.MaxPayload))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return nil, PayloadTooLarge
	case err != nil:
		s.end(TransportError, broken)
		return nil, BadRequest
	}
	return body, ""
}
