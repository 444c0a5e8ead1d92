package rules

import "github.com/brickboard/brickboard/readmodel"

// Member is one session in a Room.
type Member[S any] struct {
	Session S

	audience readmodel.Audience // when it follows
	stage    stage
	since    readmodel.State // all up to there stands in the session's queue, or was known to the client before
}

// NewMember is a session that is told differences of the partial parts if it asked for deltas, and whose client knows
// the view as of from.
func NewMember[S any](session S, deltas bool, from readmodel.State) *Member[S] {
	audience := readmodel.Following
	if deltas {
		audience = readmodel.FollowingDeltas
	}
	return &Member[S]{Session: session, audience: audience, since: from}
}

// Since is the state up to which the session was told everything.
func (m *Member[S]) Since() readmodel.State { return m.since }

type stage uint8

const (
	outside   stage = iota // not in a room
	waiting                // for a tell of its own
	following              // gets every flush
	behind                 // gets nothing until its queue has drained
)
