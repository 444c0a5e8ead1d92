package projections

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"github.com/brickboard/brickboard/domain"
	"github.com/brickboard/brickboard/internal/messaging"
)

// item is an event with the record that it was read from.
type item struct {
	messaging.Record
	event domain.Event
}

// unreadable is a record of which no event could be read.
type unreadable struct {
	messaging.Record
	cause error
}

func decode(records []messaging.Record) (items []item, bad []unreadable) {
	items = make([]item, 0, len(records))
	for _, r := range records {
		event, err := decodeRecord(r)
		if err != nil {
			bad = append(bad, unreadable{r, err})
			continue
		}
		items = append(items, item{r, event})
	}
	return items, bad
}

func decodeRecord(r messaging.Record) (domain.Event, error) {
	var metadata map[string]string
	if err := json.Unmarshal(r.Metadata, &metadata); err != nil {
		return domain.Event{}, fmt.Errorf("decode metadata: %w", err)
	}
	return domain.DecodeEvent(metadata, r.Payload)
}

// byCollector splits items, keeping their order.
func byCollector(items []item) [][]item {
	index := map[domain.CollectorID]int{}
	var parts [][]item
	for _, i := range items {
		n, ok := index[i.event.Collector()]
		if !ok {
			n = len(parts)
			index[i.event.Collector()] = n
			parts = append(parts, nil)
		}
		parts[n] = append(parts[n], i)
	}
	return parts
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
func newest(items []item) latest {
	l := latest{mocs: map[aggregateKey]domain.Event{}, sets: map[aggregateKey]domain.Event{}, wishlist: map[aggregateKey]domain.Event{}}
	for _, i := range items {
		id, version := i.event.Aggregate()
		key := aggregateKey{i.event.Collector(), id}
		of := l.of(i.event)
		if have, ok := of[key]; ok {
			if _, newest := have.Aggregate(); newest >= version {
				continue
			}
		}
		of[key] = i.event
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
		ids = append(ids, collectorsOf(events)...)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

func collectorsOf(events map[aggregateKey]domain.Event) []string {
	ids := make([]string, 0, len(events))
	for key := range events {
		ids = append(ids, string(key.collector))
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}
