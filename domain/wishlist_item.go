package domain

import (
	"time"

	"github.com/google/uuid"
)

// WishlistKind says what is wished for.
type WishlistKind string

// The kinds of wishlist items, as they are stored and sent.
const (
	WishedMOC WishlistKind = "MOC"
	WishedSet WishlistKind = "SET"
)

// WishlistItem is a MOC or set that a collector wants. It is never changed, only added and deleted; UpdatedAt is the
// time of either.
type WishlistItem struct {
	Collector CollectorID
	ID        uuid.UUID
	Kind      WishlistKind
	Title     string
	Reference *string
	Theme     *string
	Version   int64
	CreatedAt time.Time
	UpdatedAt time.Time
}

// WishlistDraft is what a collector says of a new wishlist item.
type WishlistDraft struct {
	Kind      WishlistKind
	Title     string
	Reference *string
	Theme     *string
}

// NewWishlistItem is version 1 of an item, or an Invalid error that names every broken rule.
func NewWishlistItem(collector CollectorID, id uuid.UUID, draft WishlistDraft, now time.Time) (WishlistItem, error) {
	w := WishlistItem{
		Collector: collector, ID: id, Kind: draft.Kind, Title: draft.Title, Reference: draft.Reference,
		Theme: draft.Theme, Version: 1, CreatedAt: Moment(now), UpdatedAt: Moment(now),
	}
	return w, w.validate()
}

// Deleted is the item's last version.
func (w WishlistItem) Deleted(now time.Time) WishlistItem {
	w.Version++
	w.UpdatedAt = later(w.UpdatedAt, now)
	return w
}

func (w WishlistItem) validate() error {
	var r rules
	if w.Kind != WishedMOC && w.Kind != WishedSet {
		r.broken("kind", "must be MOC or SET")
	}
	r.text("title", w.Title, MaxTitle)
	r.optionalText("reference", w.Reference, MaxReference)
	r.optionalText("theme", w.Theme, MaxTheme)
	return invalid(r)
}
