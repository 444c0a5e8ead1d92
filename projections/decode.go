package projections

import (
	"bytes"
	"cmp"
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

// letter is a record that cannot be projected.
type letter struct {
	messaging.Record
	cause error
}

func decode(records []messaging.Record) (items []item, bad []letter) {
	items = make([]item, 0, len(records))
	for _, r := range records {
		event, err := domain.DecodeEvent(r.Metadata, r.Payload)
		if err != nil {
			bad = append(bad, letter{r, err})
			continue
		}
		items = append(items, item{r, event})
	}
	return items, bad
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

// latest holds the newest event of each aggregate in a batch, in the order of the tables' keys: neighbours are read and
// written one after the other.
type latest struct {
	mocs, sets, wishlist []domain.Event
}

// newest drops what the batch itself makes old.
func newest(items []item) latest {
	var l latest
	for _, i := range items {
		of := l.of(i.event)
		*of = append(*of, i.event)
	}
	for _, events := range []*[]domain.Event{&l.mocs, &l.sets, &l.wishlist} {
		slices.SortFunc(*events, newestFirst)
		*events = slices.CompactFunc(*events, func(a, b domain.Event) bool { return keyOf(a) == keyOf(b) })
	}
	return l
}

// newestFirst orders by the key and, of one aggregate, by version, descending.
func newestFirst(a, b domain.Event) int {
	one, v := a.Aggregate()
	other, w := b.Aggregate()
	return cmp.Or(cmp.Compare(a.Collector(), b.Collector()), bytes.Compare(one[:], other[:]), cmp.Compare(w, v))
}

func (l *latest) of(e domain.Event) *[]domain.Event {
	switch {
	case e.MOC != nil:
		return &l.mocs
	case e.Set != nil:
		return &l.sets
	default:
		return &l.wishlist
	}
}

// collectors are those of the batch, each once, in order.
func (l *latest) collectors() []string {
	ids := slices.Concat(collectorsOf(l.mocs), collectorsOf(l.sets), collectorsOf(l.wishlist))
	slices.Sort(ids)
	return slices.Compact(ids)
}

// collectorsOf are those of events that are in order, each once.
func collectorsOf(events []domain.Event) []string {
	ids := make([]string, 0, len(events))
	for _, e := range events {
		ids = append(ids, string(e.Collector()))
	}
	return slices.Compact(ids)
}

// aggregateKey is whose and which, of one kind of aggregate.
type aggregateKey struct {
	collector domain.CollectorID
	id        uuid.UUID
}

func keyOf(e domain.Event) aggregateKey {
	id, _ := e.Aggregate()
	return aggregateKey{e.Collector(), id}
}
