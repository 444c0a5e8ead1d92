package readmodel

import (
	"github.com/maypok86/otter/v2"

	"github.com/brickboard/brickboard/domain"
)

// cache keeps the newest encoded answer of each collector, the least useful ones going when it is full. It needs no
// invalidation: an answer counts only for a state that was just read from the database.
type cache struct {
	answers *otter.Cache[domain.CollectorID, *Snapshot] // nil keeps nothing
}

func newCache(bytes int64) *cache {
	if bytes <= 0 {
		return &cache{}
	}
	return &cache{answers: otter.Must(&otter.Options[domain.CollectorID, *Snapshot]{
		MaximumWeight: uint64(bytes),
		Weigher:       func(id domain.CollectorID, s *Snapshot) uint32 { return s.weight() + uint32(len(id)) },
	})}
}

// weight is in bytes: what was allocated for the JSON, its compressed copy (a quarter of the JSON is more than seen),
// and what holds them.
func (s *Snapshot) weight() uint32 {
	return uint32(cap(s.JSON) + len(s.JSON)/4 + 256)
}

func (c *cache) has(collector domain.CollectorID) bool {
	if c.answers == nil {
		return false
	}
	_, ok := c.answers.GetIfPresent(collector)
	return ok
}

// get returns an answer that is not older than the state.
func (c *cache) get(collector domain.CollectorID, state State) *Snapshot {
	if c.answers == nil {
		return nil
	}
	s, ok := c.answers.GetIfPresent(collector)
	if !ok || s.Epoch != state.Epoch || s.Revision < state.Revision {
		return nil
	}
	return s
}

func (c *cache) put(collector domain.CollectorID, s *Snapshot) {
	if c.answers != nil {
		c.answers.Set(collector, s)
	}
}
