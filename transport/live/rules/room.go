package rules

import (
	"time"

	"github.com/brickboard/brickboard/readmodel"
)

// Room is what a hub knows of one collector that has sessions here, and decides what it does next for them: one thing at
// a time, which begins with Next and ends with Done or Failed, when its frames stand in the sessions' queues. A Room is
// used by one goroutine at a time.
type Room[S any] struct {
	members map[*Member[S]]struct{}
	waiting []*Member[S] // for a tell of their own, the first to come first
	busy    bool

	told    readmodel.Told // as last read and told to those who follow; void before the first tell
	begun   bool           // told is valid
	heard   int64          // the highest revision named since the last flush began
	foreign bool           // another epoch was named since then
	budget  budget
}

// NewRoom is a room without members.
func NewRoom[S any]() *Room[S] {
	return &Room[S]{members: make(map[*Member[S]]struct{})}
}

// Job is a reading that has to be done, and whom it is for.
type Job[S any] struct {
	Since readmodel.Told
	To    readmodel.Audience

	tell    []*Member[S] // nil: a flush
	heard   int64
	foreign bool
}

// IsFlush says whether the job is for all who follow, and not for sessions that wait for a tell of their own.
func (j *Job[S]) IsFlush() bool { return j.tell == nil }

// Size is the number of members.
func (r *Room[S]) Size() int { return len(r.members) }

// Join takes the member in. The state from which it goes on was found, and its client answered, before.
func (r *Room[S]) Join(m *Member[S]) {
	r.members[m] = struct{}{}
	r.wait(m)
}

// Leave lets the member go, if it is here.
func (r *Room[S]) Leave(m *Member[S]) {
	delete(r.members, m)
	m.stage = outside
}

// Drained says that the queue of a member that was behind is empty again: it will be told what it missed.
func (r *Room[S]) Drained(m *Member[S]) {
	if m.stage == behind {
		r.wait(m)
	}
}

func (r *Room[S]) wait(m *Member[S]) {
	m.stage = waiting
	r.waiting = append(r.waiting, m)
}

// Hear takes a revision that the bus named.
func (r *Room[S]) Hear(revision int64) {
	r.heard = max(r.heard, revision)
}

// Compare takes the collector's state as it was read.
func (r *Room[S]) Compare(present readmodel.State) {
	if r.begun && present.Epoch != r.told.Epoch {
		r.foreign = true
		return
	}
	r.Hear(present.Revision)
}

// Next is the job to do now, or nil, and then how long to wait before asking again; 0 is until something happens.
func (r *Room[S]) Next(now time.Time) (*Job[S], time.Duration) {
	if r.busy {
		return nil, 0
	}
	if job := r.nextTell(); job != nil {
		r.busy = true
		return job, 0
	}
	to := r.followers()
	if !r.begun || to == 0 || !r.foreign && r.heard <= r.told.Sections.Newest() {
		return nil, 0
	}
	if wait := r.budget.wait(now); wait > 0 {
		return nil, wait
	}
	r.budget.spend(now)
	r.busy = true
	job := &Job[S]{Since: r.told, To: to, heard: r.heard, foreign: r.foreign}
	r.heard, r.foreign = 0, false // what is named from here on may not be in the reading
	return job, 0
}

// nextTell takes those who wait and know the same epoch as the first.
func (r *Room[S]) nextTell() *Job[S] {
	job := &Job[S]{To: readmodel.Joining}
	var others []*Member[S]
	var from readmodel.State
	for _, m := range r.waiting {
		switch {
		case m.stage != waiting: // left
		case len(job.tell) > 0 && m.since.Epoch != from.Epoch:
			others = append(others, m)
		default:
			if len(job.tell) == 0 || m.since.Revision < from.Revision {
				from = m.since
			}
			job.tell = append(job.tell, m)
		}
	}
	r.waiting = others
	if len(job.tell) == 0 {
		return nil
	}
	job.Since = readmodel.ToldAt(from)
	return job
}

func (r *Room[S]) followers() (all readmodel.Audience) {
	for m := range r.members {
		if m.stage == following {
			all |= m.audience
		}
	}
	return all
}
