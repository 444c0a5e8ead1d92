package domain

import (
	"time"

	"github.com/google/uuid"
)

// MaxQuantity bounds how many of one set a collector owns; the least is 1.
const MaxQuantity = 9_999

// Set is an official LEGO set that a collector owns Quantity times. The same Number may stand in several sets.
type Set struct {
	Collector CollectorID
	ID        uuid.UUID
	Number    string
	Name      string
	Theme     string
	Quantity  int
	Version   int64
	CreatedAt time.Time
	UpdatedAt time.Time
}

// SetDraft is what a collector says of a new set.
type SetDraft struct {
	Number   string
	Name     string
	Theme    string
	Quantity int
}

// NewSet is version 1 of a set, or an Invalid error that names every broken rule.
func NewSet(collector CollectorID, id uuid.UUID, draft SetDraft, now time.Time) (Set, error) {
	s := Set{
		Collector: collector, ID: id, Number: draft.Number, Name: draft.Name, Theme: draft.Theme,
		Quantity: draft.Quantity, Version: 1, CreatedAt: Moment(now), UpdatedAt: Moment(now),
	}
	return s, s.validate()
}

// SetEdit names the fields to change; nil leaves a field as it is.
type SetEdit struct {
	Number   *string
	Name     *string
	Theme    *string
	Quantity *int
}

// Edit returns the set with the edit made, or as it was when nothing differs.
func (s Set) Edit(edit SetEdit, now time.Time) (Set, error) {
	next := s
	assign(&next.Number, edit.Number)
	assign(&next.Name, edit.Name)
	assign(&next.Theme, edit.Theme)
	assign(&next.Quantity, edit.Quantity)
	if err := next.validate(); err != nil {
		return Set{}, err
	}
	if next == s {
		return s, nil
	}
	next.Version++
	next.UpdatedAt = later(s.UpdatedAt, now)
	return next, nil
}

// Deleted is the set's last version.
func (s Set) Deleted(now time.Time) Set {
	s.Version++
	s.UpdatedAt = later(s.UpdatedAt, now)
	return s
}

func (s Set) validate() error {
	var r rules
	r.text("setNumber", s.Number, MaxSetNumber)
	r.text("name", s.Name, MaxSetName)
	r.text("theme", s.Theme, MaxTheme)
	r.count("quantity", s.Quantity, 1, MaxQuantity)
	return invalid(r)
}
