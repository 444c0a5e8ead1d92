package projections

import (
	"github.com/brickboard/brickboard/domain"
	"github.com/brickboard/brickboard/internal/messaging"
	"github.com/brickboard/brickboard/queries"
)

// change is the move of one MOC, set or wishlist item from what was projected of it, nil if nothing, to a newer state.
type change[S any] struct {
	old *S
	new *S
}

// changes is what a batch changes, with those collectors of the batch that are locked.
type changes struct {
	collectors map[string]*collector
	recent     map[string]recent // what is shown of the recent MOCs
	mocs       []change[queries.ProjectedMOC]
	sets       []change[queries.ProjectedSet]
	wishlist   []change[queries.ProjectedWishlistItem]
	waiting    int // events that are parked instead
}

type collector struct {
	revision int64 // as it was locked
	changed  mark
}

// next is the revision that the batch takes if it changes a section.
func (c *collector) next() int64 { return c.revision + 1 }

func (c *changes) mark(userID string, m mark) {
	c.collectors[userID].changed |= m
}

func (c *changes) size() int {
	return len(c.mocs) + len(c.sets) + len(c.wishlist)
}

// revisions are those of all collectors of the batch after it, also of those for which everything was projected
// before: their announcement may have been lost.
func (c *changes) revisions() []messaging.Revision {
	list := make([]messaging.Revision, 0, len(c.collectors))
	for id, collector := range c.collectors {
		revision := collector.revision
		if collector.changed != 0 {
			revision = collector.next()
		}
		list = append(list, messaging.Revision{Collector: id, Revision: revision})
	}
	return list
}

// covered counts the items whose collectors are locked.
func (c *changes) covered(items []item) (n int) {
	for _, i := range items {
		if _, ok := c.collectors[string(i.event.Collector())]; ok {
			n++
		}
	}
	return n
}

// those are the items whose collectors are locked, or the others.
func (c *changes) those(items []item, locked bool) (list []item) {
	for _, i := range items {
		if _, ok := c.collectors[string(i.event.Collector())]; ok == locked {
			list = append(list, i)
		}
	}
	return list
}

// live is the state, unless it is none or a deletion.
func live(moc *queries.ProjectedMOC) *queries.ProjectedMOC {
	if moc == nil || moc.Deleted {
		return nil
	}
	return moc
}

func projectedMOC(e domain.Event) *queries.ProjectedMOC {
	m := e.MOC
	return &queries.ProjectedMOC{
		UserID: string(m.Collector), ID: m.ID, Version: m.Version, Deleted: e.Deletes(), Title: m.Title, Theme: m.Theme,
		BuildStatus: string(m.BuildStatus), CoverImageURL: m.CoverImageURL,
		CoverageStatus: string(m.Parts.CoverageStatus()), CoveragePercentage: int32(m.Parts.CoveragePercentage()),
		CreatedAt: m.CreatedAt, UpdatedAt: m.UpdatedAt,
	}
}

func projectedSet(e domain.Event) *queries.ProjectedSet {
	s := e.Set
	return &queries.ProjectedSet{
		UserID: string(s.Collector), ID: s.ID, Version: s.Version, Deleted: e.Deletes(), Theme: s.Theme,
		Quantity: int32(s.Quantity),
	}
}

func projectedWishlistItem(e domain.Event) *queries.ProjectedWishlistItem {
	w := e.WishlistItem
	return &queries.ProjectedWishlistItem{UserID: string(w.Collector), ID: w.ID, Version: w.Version, Deleted: e.Deletes()}
}
