package domain

import (
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/google/uuid"
)

// The keys of an event's metadata, readable without its payload.
const (
	MetadataEventID     = "event_id"
	MetadataType        = "type"
	MetadataCollector   = "user_id"
	MetadataAggregateID = "aggregate_id"
	MetadataVersion     = "version"
)

type mocV1 struct {
	Title         string      `json:"title"`
	Theme         string      `json:"theme"`
	BuildStatus   BuildStatus `json:"buildStatus"`
	CoverImageURL *string     `json:"coverImageUrl"`
	PartsTotal    int         `json:"partsTotal"`
	PartsOwned    int         `json:"partsOwned"`
	PartsOrdered  int         `json:"partsOrdered"`
	CreatedAt     time.Time   `json:"createdAt"`
	UpdatedAt     time.Time   `json:"updatedAt"`
}

type setV1 struct {
	Number    string    `json:"setNumber"`
	Name      string    `json:"name"`
	Theme     string    `json:"theme"`
	Quantity  int       `json:"quantity"`
	CreatedAt time.Time `json:"createdAt"`
	UpdatedAt time.Time `json:"updatedAt"`
}

type wishlistItemV1 struct {
	Kind      WishlistKind `json:"kind"`
	Title     string       `json:"title"`
	Reference *string      `json:"reference"`
	Theme     *string      `json:"theme"`
	CreatedAt time.Time    `json:"createdAt"`
	UpdatedAt time.Time    `json:"updatedAt"`
}

// Encode gives the event's two parts as they travel: the metadata says which aggregate at which version, the JSON
// payload its state.
func (e Event) Encode() (metadata map[string]string, payload []byte, err error) {
	id, version := e.Aggregate()
	metadata = map[string]string{
		MetadataEventID:     e.ID.String(),
		MetadataType:        string(e.Type),
		MetadataCollector:   string(e.Collector()),
		MetadataAggregateID: id.String(),
		MetadataVersion:     strconv.FormatInt(version, 10),
	}
	payload, err = json.Marshal(e.state())
	return metadata, payload, err
}

func (e Event) state() any {
	switch {
	case e.MOC != nil:
		m := e.MOC
		return mocV1{m.Title, m.Theme, m.BuildStatus, m.CoverImageURL, m.Parts.Total, m.Parts.Owned, m.Parts.Ordered, m.CreatedAt, m.UpdatedAt}
	case e.Set != nil:
		s := e.Set
		return setV1{s.Number, s.Name, s.Theme, s.Quantity, s.CreatedAt, s.UpdatedAt}
	default:
		w := e.WishlistItem
		return wishlistItemV1{w.Kind, w.Title, w.Reference, w.Theme, w.CreatedAt, w.UpdatedAt}
	}
}

// eventMetadata is the metadata as DecodeEvent reads it; its names are the keys above.
type eventMetadata struct {
	EventID     string    `json:"event_id"`
	Type        EventType `json:"type"`
	Collector   string    `json:"user_id"`
	AggregateID string    `json:"aggregate_id"`
	Version     string    `json:"version"`
}

// DecodeEvent reads what Encode wrote, the metadata as a JSON object of strings. It fails on an unknown type, on metadata
// that is not whole, and on a payload that is not its type's; it does not check the domain's rules again, for what
// happened has happened.
func DecodeEvent(metadata, payload []byte) (Event, error) {
	var m eventMetadata
	if err := json.Unmarshal(metadata, &m); err != nil {
		return Event{}, fmt.Errorf("decode metadata: %w", err)
	}
	key, err := m.key()
	if err != nil {
		return Event{}, err
	}
	e := Event{ID: key.event, Type: m.Type}
	switch e.Type {
	case MOCAdded, MOCChanged, MOCDeleted:
		e.MOC, err = decodeState(key, payload, mocOf)
	case SetAdded, SetChanged, SetDeleted:
		e.Set, err = decodeState(key, payload, setOf)
	case WishlistItemAdded, WishlistItemDeleted:
		e.WishlistItem, err = decodeState(key, payload, wishlistItemOf)
	default:
		return Event{}, fmt.Errorf("unknown event type %q", e.Type)
	}
	return e, err
}

type eventKey struct {
	event, aggregate uuid.UUID
	collector        CollectorID
	version          int64
}

func (m eventMetadata) key() (k eventKey, err error) {
	if k.event, err = uuid.Parse(m.EventID); err != nil {
		return k, fmt.Errorf("metadata %s: %w", MetadataEventID, err)
	}
	if k.aggregate, err = uuid.Parse(m.AggregateID); err != nil {
		return k, fmt.Errorf("metadata %s: %w", MetadataAggregateID, err)
	}
	if k.collector, err = ParseCollectorID(m.Collector); err != nil {
		return k, fmt.Errorf("metadata %s: %w", MetadataCollector, err)
	}
	k.version, err = strconv.ParseInt(m.Version, 10, 64)
	if err != nil || k.version < 1 {
		return k, fmt.Errorf("metadata %s: %q is not a version", MetadataVersion, m.Version)
	}
	return k, nil
}

func decodeState[P, A any](key eventKey, payload []byte, of func(eventKey, P) A) (*A, error) {
	var p P
	if err := json.Unmarshal(payload, &p); err != nil {
		return nil, fmt.Errorf("decode payload: %w", err)
	}
	aggregate := of(key, p)
	return &aggregate, nil
}

func mocOf(k eventKey, p mocV1) MOC {
	return MOC{
		Collector: k.collector, ID: k.aggregate, Title: p.Title, Theme: p.Theme, BuildStatus: p.BuildStatus,
		CoverImageURL: p.CoverImageURL, Parts: Parts{p.PartsTotal, p.PartsOwned, p.PartsOrdered},
		Version: k.version, CreatedAt: p.CreatedAt, UpdatedAt: p.UpdatedAt,
	}
}

func setOf(k eventKey, p setV1) Set {
	return Set{
		Collector: k.collector, ID: k.aggregate, Number: p.Number, Name: p.Name, Theme: p.Theme, Quantity: p.Quantity,
		Version: k.version, CreatedAt: p.CreatedAt, UpdatedAt: p.UpdatedAt,
	}
}

func wishlistItemOf(k eventKey, p wishlistItemV1) WishlistItem {
	return WishlistItem{
		Collector: k.collector, ID: k.aggregate, Kind: p.Kind, Title: p.Title, Reference: p.Reference, Theme: p.Theme,
		Version: k.version, CreatedAt: p.CreatedAt, UpdatedAt: p.UpdatedAt,
	}
}
