package domain

import "github.com/google/uuid"

// EventType is an event's name on the wire with the version of its payload. Names never change; another payload is
// another version, and the old one stays readable.
type EventType string

// The events. Each carries the full new state of its aggregate; of a deletion, the last one.
const (
	MOCAdded            EventType = "moc.added.v1"
	MOCChanged          EventType = "moc.changed.v1"
	MOCDeleted          EventType = "moc.deleted.v1"
	SetAdded            EventType = "set.added.v1"
	SetChanged          EventType = "set.changed.v1"
	SetDeleted          EventType = "set.deleted.v1"
	WishlistItemAdded   EventType = "wishlist_item.added.v1"
	WishlistItemDeleted EventType = "wishlist_item.deleted.v1"
)

// Event says that one aggregate took on a new state. Exactly one of MOC, Set and WishlistItem is there, as the type
// says; it holds the collector, the aggregate's id and its version.
type Event struct {
	ID           uuid.UUID
	Type         EventType
	MOC          *MOC
	Set          *Set
	WishlistItem *WishlistItem
}

// Collector is whose aggregate it is.
func (e Event) Collector() CollectorID {
	switch {
	case e.MOC != nil:
		return e.MOC.Collector
	case e.Set != nil:
		return e.Set.Collector
	default:
		return e.WishlistItem.Collector
	}
}

// Deletes says that the state is the aggregate's last.
func (e Event) Deletes() bool {
	return e.Type == MOCDeleted || e.Type == SetDeleted || e.Type == WishlistItemDeleted
}

// Aggregate is which MOC, set or wishlist item it is, and at which version.
func (e Event) Aggregate() (id uuid.UUID, version int64) {
	switch {
	case e.MOC != nil:
		return e.MOC.ID, e.MOC.Version
	case e.Set != nil:
		return e.Set.ID, e.Set.Version
	default:
		return e.WishlistItem.ID, e.WishlistItem.Version
	}
}
