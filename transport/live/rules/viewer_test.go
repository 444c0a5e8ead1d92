package rules

import (
	"fmt"

	"github.com/brickboard/brickboard/readmodel"
)

// viewer is what a client does with what it is told, and what it shows.
type viewer interface {
	fmt.Stringer
	Connected(recovered bool)
	Receive(e *readmodel.Envelope)
	Fetch() bool
	FetchFailed()
	Fetched(state readmodel.State, view readmodel.DashboardView)
	since() string // what a plain client brings when it comes back
	shown() readmodel.DashboardView
	wrong(present readmodel.State) string // beside what it shows; "" when nothing is
}

// versioned is a Follower of which the revisions only grow.
type versioned struct {
	*Follower
	seen readmodel.Told
	fell bool
}

func (v *versioned) Receive(e *readmodel.Envelope) {
	v.Follower.Receive(e)
	v.check()
}

func (v *versioned) Fetched(state readmodel.State, view readmodel.DashboardView) {
	v.Follower.Fetched(state, view)
	v.check()
}

func (v *versioned) check() {
	for s := range v.Told.Sections {
		v.fell = v.fell || v.Told.Epoch == v.seen.Epoch && v.Told.Sections[s] < v.seen.Sections[s]
	}
	v.seen = v.Told
}

func (v *versioned) since() string                  { return v.Since() }
func (v *versioned) shown() readmodel.DashboardView { return v.View }
func (v *versioned) String() string                 { return fmt.Sprint("a follower at ", v.Told) }

func (v *versioned) wrong(present readmodel.State) string {
	switch {
	case v.fell:
		return "a section's revision fell"
	case v.Told.Epoch != present.Epoch:
		return "it is in another epoch than " + present.Epoch
	}
	return ""
}

// unversioned knows only the first four fields of an envelope, so it never knows what is newer: it puts in what comes,
// and fetches after each connect, on a resync, and again when an envelope came during a fetch.
type unversioned struct {
	view     readmodel.DashboardView
	wanted   bool // a fetch
	fetching bool
}

func (u *unversioned) Connected(bool) { u.wanted = true }

func (u *unversioned) Receive(e *readmodel.Envelope) {
	u.wanted = u.wanted || u.fetching || e.Type == readmodel.Resync
	shows := Follower{View: u.view}
	shows.apply(&readmodel.Envelope{EventID: e.EventID, Type: e.Type, Timestamp: e.Timestamp, Payload: e.Payload})
	u.view = shows.View
}

func (u *unversioned) Fetch() bool {
	if !u.wanted || u.fetching {
		return false
	}
	u.wanted, u.fetching = false, true
	return true
}

func (u *unversioned) FetchFailed() { u.wanted, u.fetching = true, false }

func (u *unversioned) Fetched(_ readmodel.State, view readmodel.DashboardView) {
	u.view, u.fetching = view, false
}

func (u *unversioned) since() string                  { return "" }
func (u *unversioned) shown() readmodel.DashboardView { return u.view }
func (u *unversioned) wrong(readmodel.State) string   { return "" }
func (u *unversioned) String() string                 { return "one that knows no revisions" }
