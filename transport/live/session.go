package live

import (
	"strconv"
	"sync"
	"time"

	"github.com/brickboard/brickboard/readmodel"
	"github.com/brickboard/brickboard/transport/live/rules"
)

// link is a session's connection, of either protocol. None of it blocks.
type link interface {
	// send queues envelopes, and returns their size in bytes; false when the session has ended.
	send(f *frames, envelopes []*readmodel.Envelope) (bytes int, ok bool)
	// unsent is how many frames wait, and how many may.
	unsent() (queued, capacity int)
	// whenDrained has fn called on another goroutine once nothing waits; false when nothing does, or at the end.
	whenDrained(fn func()) bool
	// expire tells the client that its token has expired, and closes the connection so that it comes back.
	expire(f *frames, e *readmodel.Envelope)
	// cut breaks the connection of a client that does not read.
	cut()
	// transport is the present one.
	transport() string
}

// session is one open dashboard.
type session struct {
	id       string // for logs
	protocol protocol
	room     *room
	link
	member  *rules.Member[*session]
	opened  time.Time
	inbound int // messages, which have no meaning; used by the reading goroutine alone

	mu     sync.Mutex // taken before a room's
	expiry *time.Timer
	joined bool
	ended  bool
}

// begin lets the session, whose client was answered, into its room.
func (s *session) begin(p *presence) {
	h := s.room.hub
	s.member = rules.NewMember(s, p.deltas, p.from)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ended {
		return
	}
	s.joined = true
	s.opened = h.clock()
	h.metrics.sessions.WithLabelValues(string(s.protocol)).Inc()
	h.metrics.connects.WithLabelValues(string(s.protocol), strconv.FormatBool(p.recovered)).Inc()
	h.deps.Log.Debug("live session opened", "session_id", s.id, "user_id", s.room.collector, "protocol", s.protocol,
		"transport", s.transport(), "recovered", p.recovered)
	s.expiry = time.AfterFunc(p.who.ExpiresAt.Sub(h.deps.Now()), s.expire)
	s.room.join(s)
}

// expire says that the token is void, and has the connection closed.
func (s *session) expire() {
	state := s.room.sinceOf(s)
	e := readmodel.NewFailed(state, codeTokenExpired, "The token has expired: connect again with a new one.", s.room.hub.deps.Now())
	s.link.expire(newFrames(state), e)
}

// end is called once, when the connection is gone, and gives the seat back.
func (s *session) end(reason string) {
	h := s.room.hub
	s.mu.Lock()
	s.ended = true
	joined := s.joined
	if s.expiry != nil {
		s.expiry.Stop()
	}
	s.mu.Unlock()
	if joined {
		s.room.leave(s)
		h.metrics.sessions.WithLabelValues(string(s.protocol)).Dec()
		h.metrics.disconnects.WithLabelValues(string(s.protocol), reason).Inc()
		h.deps.Log.Info("live session ended", "session_id", s.id, "user_id", s.room.collector, "protocol", s.protocol,
			"transport", s.transport(), "reason", reason, "duration_ms", h.clock().Sub(s.opened).Milliseconds())
	}
	h.exit(s.room)
}

// talk counts a message of the client, and says whether that was one too many.
func (s *session) talk() (tooMany bool) {
	s.room.hub.metrics.inbound.WithLabelValues(string(s.protocol)).Inc()
	s.inbound++
	return s.inbound > s.room.hub.config.MaxInbound
}
