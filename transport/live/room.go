package live

import (
	"context"
	"sync"
	"time"

	"github.com/brickboard/brickboard/domain"
	"github.com/brickboard/brickboard/readmodel"
	"github.com/brickboard/brickboard/transport/live/rules"
)

// room is a collector's sessions here, and the work for them.
type room struct {
	hub       *Hub
	collector domain.CollectorID
	seats     int // sessions, also those that are being answered; guarded by the hub's mutex

	mu      sync.Mutex // held while envelopes are encoded too: only what is this collector's own waits with it
	rules   *rules.Room[*session]
	working bool
	later   *time.Timer // for the next flush
	since   time.Time   // the earliest announcement that was not flushed yet; zero without any

	ear  sync.Mutex // held for moments only: what is all collectors' waits with it
	news *news      // that was not taken yet; nil without any
}

func newRoom(h *Hub, collector domain.CollectorID) *room {
	return &room{hub: h, collector: collector, rules: rules.NewRoom[*session]()}
}

func (r *room) join(s *session) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.rules.Join(s.member)
	r.proceed()
}

func (r *room) leave(s *session) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.rules.Leave(s.member)
	if r.rules.Size() == 0 && r.later != nil {
		r.later.Stop()
	}
}

func (r *room) sinceOf(s *session) readmodel.State {
	r.mu.Lock()
	defer r.mu.Unlock()
	return s.member.Since()
}

// proceed begins the next job, or arranges to ask again, with mu held.
func (r *room) proceed() {
	if r.working {
		return
	}
	job, wait := r.rules.Next(r.hub.clock())
	switch {
	case job != nil:
		r.working = true
		go r.work(job, r.takeSince(job))
	case wait > 0 && r.later == nil:
		r.later = time.AfterFunc(wait, r.tick)
	case wait > 0:
		r.later.Reset(wait)
	default: // what was announced is told, or nobody is there to be told
		r.since = time.Time{}
	}
}

// takeSince takes the time of what a flush is about to read.
func (r *room) takeSince(job *rules.Job[*session]) time.Time {
	if !job.IsFlush() {
		return time.Time{}
	}
	since := r.since
	r.since = time.Time{}
	return since
}

func (r *room) tick() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.takeNews()
	r.proceed()
}

// work reads for the job and ends it. A reading that fails is done again after a while.
func (r *room) work(job *rules.Job[*session], announced time.Time) {
	changes, err := r.hub.read(r.collector, job.Since, job.To)
	if err != nil {
		r.hub.readFailed("changes", err)
		r.hub.pause(readRetry)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.working = false
	if err != nil {
		r.rules.Failed(job)
		r.since = earlier(r.since, announced)
	} else {
		r.tell(job, changes, announced)
	}
	if !r.hub.stopped() {
		r.proceed()
	}
}

// tell puts what was read into the sessions' queues, with mu held: so nothing comes between.
func (r *room) tell(job *rules.Job[*session], changes *readmodel.Changes, announced time.Time) {
	encoded := newFrames(changes.State)
	r.rules.Done(job, changes, r.hub.deps.Now(), func(m *rules.Member[*session], envelopes []*readmodel.Envelope, _ readmodel.State) bool {
		return r.deliver(m, encoded, envelopes)
	})
	if !announced.IsZero() && !changes.Resync() {
		r.hub.metrics.latency.Observe(max(0, r.hub.clock().Sub(announced).Seconds()))
	}
}

func (r *room) deliver(m *rules.Member[*session], encoded *frames, envelopes []*readmodel.Envelope) bool {
	s := m.Session
	if len(envelopes) == 0 {
		return true
	}
	if queued, capacity := s.unsent(); queued >= capacity/2 && r.behind(s) {
		r.hub.metrics.lost(envelopes)
		return false
	}
	bytes, ok := s.send(encoded, envelopes)
	if !ok {
		r.hub.metrics.lost(envelopes)
		return true // it is leaving
	}
	r.hub.metrics.told(s.protocol, envelopes, bytes)
	return true
}

// behind has the session told what it misses once it has drained, or cut off when that takes too long. It says false
// where the session has drained already.
func (r *room) behind(s *session) bool {
	tooLong := time.AfterFunc(r.hub.config.DrainTimeout, s.cut)
	waits := s.whenDrained(func() {
		tooLong.Stop()
		r.mu.Lock()
		defer r.mu.Unlock()
		r.rules.Drained(s.member)
		r.proceed()
	})
	if !waits {
		tooLong.Stop()
		return false
	}
	r.hub.metrics.behind.Inc()
	return true
}

// read is one reading for a room, of which there are a few at a time.
func (h *Hub) read(collector domain.CollectorID, since readmodel.Told, to readmodel.Audience) (*readmodel.Changes, error) {
	h.readings <- struct{}{}
	defer func() { <-h.readings }()
	ctx, cancel := context.WithTimeout(h.life, readTimeout)
	defer cancel()
	return h.deps.Dashboards.Changes(ctx, collector, since, to)
}
