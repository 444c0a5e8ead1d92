package rules

import (
	"cmp"
	"slices"

	"github.com/google/uuid"

	"github.com/brickboard/brickboard/readmodel"
)

// recentMOCs is how many MOCs the section recent has at most.
const recentMOCs = 10

// Follower is a client that is right: however often it is cut off, it ends with the collector's view. It is used by one
// goroutine.
type Follower struct {
	View readmodel.DashboardView
	Told readmodel.Told // the revision of each section; the epoch is "" before the first snapshot

	wanted   bool // a fetch
	fetching bool
}

// NewFollower has just been loaded: it wants its first snapshot.
func NewFollower() *Follower { return &Follower{wanted: true} }

// Connected says that a connection stands.
func (f *Follower) Connected(recovered bool) {
	if !recovered {
		f.wanted = true
	}
}

// Since is what a plain client brings when it comes back: the lowest of its sections' revisions. It is "" when there is
// nothing to go on from.
func (f *Follower) Since() string {
	if f.Told.Epoch == "" {
		return ""
	}
	return readmodel.State{Epoch: f.Told.Epoch, Revision: slices.Min(f.Told.Sections[:])}.String()
}

// Fetch says whether to fetch the snapshot now. The fetch ends with Fetched or FetchFailed.
func (f *Follower) Fetch() bool {
	if !f.wanted || f.fetching {
		return false
	}
	f.wanted, f.fetching = false, true
	return true
}

// FetchFailed says that the fetch brought nothing: it is still wanted.
func (f *Follower) FetchFailed() { f.wanted, f.fetching = true, false }

// Fetched takes a snapshot: of another epoch as a whole, else the sections that are newer than what is here.
func (f *Follower) Fetched(state readmodel.State, view readmodel.DashboardView) {
	f.fetching = false
	if state.Epoch != f.Told.Epoch {
		f.View, f.Told = view, readmodel.ToldAt(state)
		return
	}
	for s := range f.Told.Sections {
		if state.Revision <= f.Told.Sections[s] {
			continue
		}
		f.Told.Sections[s] = state.Revision
		switch readmodel.Section(s) {
		case readmodel.Summary:
			f.View.Summary = view.Summary
		case readmodel.Themes:
			f.View.ThemeBreakdown = view.ThemeBreakdown
		case readmodel.Recent:
			f.View.RecentMOCs = view.RecentMOCs
		case readmodel.PartialParts:
			f.View.PartialPartsMOCs = view.PartialPartsMOCs
		}
	}
}

// Receive takes an envelope whose payload is what its type says.
func (f *Follower) Receive(e *readmodel.Envelope) {
	section, ok := sectionOf(e.Type)
	switch {
	case e.Type == readmodel.Resync:
		f.wanted = true
	case !ok:
	case e.Epoch != f.Told.Epoch:
		f.wanted = true
	case e.Revision <= f.Told.Sections[section]: // old
	case e.Previous != nil && *e.Previous > f.Told.Sections[section]: // a gap
		f.wanted = true
	default:
		f.apply(e)
		f.Told.Sections[section] = e.Revision
	}
}

func sectionOf(t readmodel.EventType) (readmodel.Section, bool) {
	switch t {
	case readmodel.SummaryUpdated:
		return readmodel.Summary, true
	case readmodel.ThemeBreakdownUpdated:
		return readmodel.Themes, true
	case readmodel.RecentMOCsUpdated, readmodel.RecentMOCAdded:
		return readmodel.Recent, true
	case readmodel.PartialPartsUpdated, readmodel.PartialPartsChanged:
		return readmodel.PartialParts, true
	}
	return 0, false
}

func (f *Follower) apply(e *readmodel.Envelope) {
	switch payload := e.Payload.(type) {
	case *readmodel.DashboardSummary:
		f.View.Summary = *payload
	case []readmodel.ThemeStats:
		f.View.ThemeBreakdown = payload
	case []readmodel.RecentMOC:
		f.View.RecentMOCs = payload
	case *readmodel.RecentMOC:
		f.View.RecentMOCs = withAdded(f.View.RecentMOCs, *payload)
	case []readmodel.PartialPartsMOC:
		f.View.PartialPartsMOCs = payload
	case *readmodel.PartialPartsChange:
		f.View.PartialPartsMOCs = withChange(f.View.PartialPartsMOCs, payload)
	}
}

func withAdded(rows []readmodel.RecentMOC, added readmodel.RecentMOC) []readmodel.RecentMOC {
	kept := slices.DeleteFunc(slices.Clone(rows), func(m readmodel.RecentMOC) bool { return m.ID == added.ID })
	kept = append(kept, added)
	slices.SortFunc(kept, func(a, b readmodel.RecentMOC) int {
		return cmp.Or(cmp.Compare(b.CreatedAt.String(), a.CreatedAt.String()), descending(a.ID, b.ID))
	})
	return kept[:min(len(kept), recentMOCs)]
}

func withChange(rows []readmodel.PartialPartsMOC, change *readmodel.PartialPartsChange) []readmodel.PartialPartsMOC {
	touched := make(map[uuid.UUID]bool)
	for _, m := range change.Upserted {
		touched[m.ID] = true
	}
	for _, id := range change.Removed {
		touched[id] = true
	}
	kept := slices.DeleteFunc(slices.Clone(rows), func(m readmodel.PartialPartsMOC) bool { return touched[m.ID] })
	kept = append(kept, change.Upserted...)
	slices.SortFunc(kept, func(a, b readmodel.PartialPartsMOC) int {
		return cmp.Or(cmp.Compare(b.LastUpdatedAt.String(), a.LastUpdatedAt.String()), descending(a.ID, b.ID))
	})
	return kept
}

func descending(a, b uuid.UUID) int { return slices.Compare(b[:], a[:]) }
