package projections

import (
	"context"
	"maps"
	"slices"

	"github.com/brickboard/brickboard/domain"
	"github.com/brickboard/brickboard/queries"
)

// summaryCounts are the counters of one collector's summary, or a difference of them.
type summaryCounts struct {
	totalMOCs, totalWishlistItems                   int64
	mocsAdded, mocsInProgress, mocsBuilt            int64
	mocsFullInventory, mocsPartialOrdered, mocsNone int64
}

// dashboardSummary moves the summary by the difference that each change makes to the counts.
type dashboardSummary struct {
	q           *queries.Queries
	differences map[string]*summaryCounts
}

func newDashboardSummary(q *queries.Queries) *dashboardSummary {
	return &dashboardSummary{q: q, differences: map[string]*summaryCounts{}}
}

func (s *dashboardSummary) reduce(c *changes) {
	for _, ch := range c.mocs {
		s.of(ch.new.UserID).countMOC(live(ch.old), -1)
		s.of(ch.new.UserID).countMOC(live(ch.new), +1)
	}
	for _, ch := range c.wishlist {
		had := ch.old != nil && !ch.old.Deleted
		if has := !ch.new.Deleted; has && !had {
			s.of(ch.new.UserID).totalWishlistItems++
		} else if had && !has {
			s.of(ch.new.UserID).totalWishlistItems--
		}
	}
	for id, difference := range s.differences {
		if *difference == (summaryCounts{}) {
			delete(s.differences, id)
			continue
		}
		c.mark(id, markSummary)
	}
}

func (s *dashboardSummary) of(userID string) *summaryCounts {
	counts, ok := s.differences[userID]
	if !ok {
		counts = &summaryCounts{}
		s.differences[userID] = counts
	}
	return counts
}

func (n *summaryCounts) countMOC(moc *queries.ProjectedMOC, by int64) {
	if moc == nil {
		return
	}
	n.totalMOCs += by
	switch domain.BuildStatus(moc.BuildStatus) {
	case domain.Added:
		n.mocsAdded += by
	case domain.InProgress:
		n.mocsInProgress += by
	case domain.Built:
		n.mocsBuilt += by
	}
	switch domain.CoverageStatus(moc.CoverageStatus) {
	case domain.FullInventory:
		n.mocsFullInventory += by
	case domain.PartialOrdered:
		n.mocsPartialOrdered += by
	case domain.NoCoverage:
		n.mocsNone += by
	}
}

func (s *dashboardSummary) write(ctx context.Context, pipe *queries.Pipeline, _ *changes) error {
	if len(s.differences) == 0 {
		return nil
	}
	var p queries.DashboardSummaryApplyParams
	for _, id := range slices.Sorted(maps.Keys(s.differences)) {
		d := s.differences[id]
		p.UserIDs = append(p.UserIDs, id)
		p.TotalMOCs = append(p.TotalMOCs, d.totalMOCs)
		p.TotalWishlistItems = append(p.TotalWishlistItems, d.totalWishlistItems)
		p.MOCsAdded = append(p.MOCsAdded, d.mocsAdded)
		p.MOCsInProgress = append(p.MOCsInProgress, d.mocsInProgress)
		p.MOCsBuilt = append(p.MOCsBuilt, d.mocsBuilt)
		p.MOCsFullInventory = append(p.MOCsFullInventory, d.mocsFullInventory)
		p.MOCsPartialOrdered = append(p.MOCsPartialOrdered, d.mocsPartialOrdered)
		p.MOCsNone = append(p.MOCsNone, d.mocsNone)
	}
	return s.q.DashboardSummaryApply(ctx, pipe, p)
}
