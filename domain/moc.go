package domain

import (
	"time"

	"github.com/google/uuid"
)

// BuildStatus says how far a MOC is.
type BuildStatus string

// The build statuses, as they are stored and sent.
const (
	Added      BuildStatus = "ADDED"
	InProgress BuildStatus = "IN_PROGRESS"
	Built      BuildStatus = "BUILT"
)

// MOC is a custom build with the counts of its parts list. Version begins at 1. Times are UTC in whole milliseconds
// (see Moment); UpdatedAt never goes back, whatever the clock does.
type MOC struct {
	Collector     CollectorID
	ID            uuid.UUID
	Title         string
	Theme         string
	BuildStatus   BuildStatus
	CoverImageURL *string
	Parts         Parts
	Version       int64
	CreatedAt     time.Time
	UpdatedAt     time.Time
}

// MOCDraft is what a collector says of a new MOC. An empty BuildStatus is Added; no Parts are counts of zero.
type MOCDraft struct {
	Title         string
	Theme         string
	BuildStatus   BuildStatus
	CoverImageURL *string
	Parts         Parts
}

// NewMOC is version 1 of a MOC, or an Invalid error that names every broken rule.
func NewMOC(collector CollectorID, id uuid.UUID, draft MOCDraft, now time.Time) (MOC, error) {
	if draft.BuildStatus == "" {
		draft.BuildStatus = Added
	}
	m := MOC{
		Collector: collector, ID: id, Title: draft.Title, Theme: draft.Theme, BuildStatus: draft.BuildStatus,
		CoverImageURL: draft.CoverImageURL, Parts: draft.Parts,
		Version: 1, CreatedAt: Moment(now), UpdatedAt: Moment(now),
	}
	return m, m.validate()
}

// MOCEdit names the fields to change; nil leaves a field as it is. RemoveCover wins over CoverImageURL.
type MOCEdit struct {
	Title         *string
	Theme         *string
	BuildStatus   *BuildStatus
	CoverImageURL *string
	RemoveCover   bool
}

// Edit returns the MOC with the edit made, or as it was when nothing differs.
func (m MOC) Edit(edit MOCEdit, now time.Time) (MOC, error) {
	next := m
	assign(&next.Title, edit.Title)
	assign(&next.Theme, edit.Theme)
	assign(&next.BuildStatus, edit.BuildStatus)
	if edit.CoverImageURL != nil {
		next.CoverImageURL = edit.CoverImageURL
	}
	if edit.RemoveCover {
		next.CoverImageURL = nil
	}
	return m.become(next, now)
}

// CountParts returns the MOC with other counts, or as it was when they are equal.
func (m MOC) CountParts(parts Parts, now time.Time) (MOC, error) {
	next := m
	next.Parts = parts
	return m.become(next, now)
}

// Deleted is the MOC's last version.
func (m MOC) Deleted(now time.Time) MOC {
	m.Version++
	m.UpdatedAt = later(m.UpdatedAt, now)
	return m
}

func (m MOC) become(next MOC, now time.Time) (MOC, error) {
	if err := next.validate(); err != nil {
		return MOC{}, err
	}
	if next.sameFields(m) {
		return m, nil
	}
	next.Version++
	next.UpdatedAt = later(m.UpdatedAt, now)
	return next, nil
}

func (m MOC) sameFields(o MOC) bool {
	return m.Title == o.Title && m.Theme == o.Theme && m.BuildStatus == o.BuildStatus && m.Parts == o.Parts &&
		sameText(m.CoverImageURL, o.CoverImageURL)
}

func (m MOC) validate() error {
	var r rules
	r.text("title", m.Title, MaxTitle)
	r.text("theme", m.Theme, MaxTheme)
	switch m.BuildStatus {
	case Added, InProgress, Built:
	default:
		r.broken("buildStatus", "must be ADDED, IN_PROGRESS or BUILT")
	}
	r.webURL("coverImageUrl", m.CoverImageURL)
	r.parts(m.Parts)
	return invalid(r)
}
