package rules

import (
	"time"

	"github.com/brickboard/brickboard/readmodel"
)

// Deliver puts envelopes, of which there may be none, into the session's queue, and tells whether it did: false when
// the session has fallen behind and is to get nothing. The state is that of the reading: who has all the envelopes knows
// everything up to there.
type Deliver[S any] func(m *Member[S], envelopes []*readmodel.Envelope, state readmodel.State) bool

// Done ends a job with what was read for it.
func (r *Room[S]) Done(job *Job[S], changes *readmodel.Changes, at time.Time, deliver Deliver[S]) {
	r.busy = false
	telling := changes.Tell(at)
	if job.IsFlush() {
		r.flushed(changes, telling, deliver)
		return
	}
	for _, m := range job.tell {
		if m.stage == waiting {
			r.deliver(m, telling.To(readmodel.Joining, readmodel.ToldAt(m.since)), changes.State, deliver)
		}
	}
	switch {
	case !r.begun:
		r.told, r.begun = changes.Told(), true
	case changes.Epoch != r.told.Epoch:
		r.foreign = true
	}
}

func (r *Room[S]) flushed(changes *readmodel.Changes, telling *readmodel.Telling, deliver Deliver[S]) {
	plain := telling.To(readmodel.Following, changes.Before)
	deltas := telling.To(readmodel.FollowingDeltas, changes.Before)
	for m := range r.members {
		if m.stage != following || m.since == changes.State { // who joined just now was told
			continue
		}
		envelopes := plain
		if m.audience == readmodel.FollowingDeltas {
			envelopes = deltas
		}
		r.deliver(m, envelopes, changes.State, deliver)
	}
	r.told = changes.Told()
}

func (r *Room[S]) deliver(m *Member[S], envelopes []*readmodel.Envelope, state readmodel.State, deliver Deliver[S]) {
	if !deliver(m, envelopes, state) {
		m.stage = behind
		return
	}
	m.stage, m.since = following, state
}

// Failed ends a job that could not be read: it has to be done again.
func (r *Room[S]) Failed(job *Job[S]) {
	r.busy = false
	if job.IsFlush() {
		r.heard, r.foreign = max(r.heard, job.heard), r.foreign || job.foreign
		return
	}
	r.waiting = append(job.tell, r.waiting...)
}
