package projections

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"github.com/brickboard/brickboard/domain"
	"github.com/brickboard/brickboard/internal/messaging"
)

func decode(records []messaging.Record) ([]domain.Event, error) {
	events := make([]domain.Event, len(records))
	for i, r := range records {
		var metadata map[string]string
		if err := json.Unmarshal(r.Metadata, &metadata); err != nil {
			return nil, fmt.Errorf("decode metadata of event %s: %w", r.UUID, err)
		}
		event, err := domain.DecodeEvent(metadata, r.Payload)
		if err != nil {
			return nil, fmt.Errorf("decode event %s: %w", r.UUID, err)
		}
		events[i] = event
	}
	return events, nil
}

// aggregateKey is whose and which. MOCs, sets and wishlist items are told apart by their maps.
type aggregateKey struct {
	collector domain.CollectorID
	id        uuid.UUID
}

// latest holds the newest event of each aggregate in a batch.
type latest struct {
	mocs, sets, wishlist map[aggregateKey]domain.Event
}

// newest drops what the batch itself makes old.
func newest(events []domain.Event) latest {
	l := latest{mocs: map[aggregateKey]domain.Event{}, sets: map[aggregateKey]domain.Event{}, wishlist: map[aggregateKey]domain.Event{}}
	for _, e := range events {
		id, version := e.Aggregate()
		key := aggregateKey{e.Collector(), id}
		of := l.of(e)
		if have, ok := of[key]; ok {
			if _, newest := have.Aggregate(); newest >= version {
				continue
			}
		}
		of[key] = e
	}
	return l
}

func (l latest) of(e domain.Event) map[aggregateKey]domain.Event {
	switch {
	case e.MOC != nil:
		return l.mocs
	case e.Set != nil:
		return l.sets
	default:
		return l.wishlist
	}
}

// collectors are those of the batch, each once, in order.
func (l latest) collectors() []string {
	var ids []string
	for _, events := range []map[aggregateKey]domain.Event{l.mocs, l.sets, l.wishlist} {
		for key := range events {
			ids = append(ids, string(key.collector))
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}
