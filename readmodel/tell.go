package readmodel

import (
	"time"

	"github.com/google/uuid"

	"github.com/brickboard/brickboard/queries"
)

// Telling is the envelopes of Changes, each made once, for all who are told.
type Telling struct {
	changes *Changes
	resync  *Envelope
	whole   [sectionsOfView]*Envelope
	added   *Envelope
	touched *Envelope
}

// Tell makes the envelopes, which are stamped with the time.
func (c *Changes) Tell(at time.Time) *Telling {
	t := &Telling{changes: c, resync: NewResync(c.State, OtherEpoch, at)}
	whole := func(s Section, of EventType, payload any) *Envelope {
		return newEnvelope(of, payload, State{Epoch: c.Epoch, Revision: c.Sections[s]}, nil, at)
	}
	difference := func(s Section, of EventType, payload any) *Envelope {
		previous := c.Before.Sections[s]
		return newEnvelope(of, payload, State{Epoch: c.Epoch, Revision: c.Sections[s]}, &previous, at)
	}
	if c.Summary != nil {
		t.whole[Summary] = whole(Summary, SummaryUpdated, c.Summary)
	}
	if c.Themes != nil {
		t.whole[Themes] = whole(Themes, ThemeBreakdownUpdated, c.Themes)
	}
	if c.Recent != nil {
		t.whole[Recent] = whole(Recent, RecentMOCsUpdated, c.Recent)
	}
	if c.Added != nil {
		t.added = difference(Recent, RecentMOCAdded, c.Added)
	}
	if c.PartialParts != nil {
		t.whole[PartialParts] = whole(PartialParts, PartialPartsUpdated, c.PartialParts)
	}
	if c.Touched != nil {
		t.touched = difference(PartialParts, PartialPartsChanged, c.Touched)
	}
	return t
}

// To is what somebody of the audience is told who knows what since says: at most one envelope of a section, in the
// sections' order; or a resync alone. The audience is one for which the changes were read, and since is not behind what
// they were read from.
func (t *Telling) To(a Audience, since Told) (envelopes []*Envelope) {
	if since.Epoch != t.changes.Epoch {
		return []*Envelope{t.resync}
	}
	for s := range sectionsOfView {
		if t.changes.Sections[s] <= since.Sections[s] {
			continue
		}
		e := t.whole[s]
		switch {
		case s == Recent && a != Joining && t.added != nil:
			e = t.added
		case s == PartialParts && a == FollowingDeltas && t.touched != nil:
			e = t.touched
		}
		if e != nil {
			envelopes = append(envelopes, e)
		}
	}
	return envelopes
}

func changeOf(rows []queries.PartialPartsTouchedRow) *PartialPartsChange {
	change := &PartialPartsChange{Upserted: []PartialPartsMOC{}, Removed: []uuid.UUID{}}
	for _, row := range rows {
		if !row.Listed {
			change.Removed = append(change.Removed, row.ID)
			continue
		}
		change.Upserted = append(change.Upserted, PartialPartsMOC{
			ID: row.ID, Title: row.Title, Theme: row.Theme, BuildStatus: row.BuildStatus,
			CoveragePercentage: row.CoveragePercentage, LastUpdatedAt: Time(row.UpdatedAt),
		})
	}
	return change
}
