package projections

import (
	"context"
	"maps"
	"slices"

	"github.com/brickboard/brickboard/queries"
)

// section is one table of the read model and how a batch moves it. A new one is made for each batch.
type section interface {
	// reduce finds the difference that the batch makes and marks the collectors whose section changes.
	reduce(c *changes)
	// write queues the difference. The states of the batch are written before.
	write(ctx context.Context, pipe *queries.Pipeline, c *changes) error
}

func sections(q *queries.Queries) []section {
	return []section{newDashboardSummary(q), newThemeStats(q), newRecentMOCs(q), newPartialParts(q)}
}

// mark is a set of sections.
type mark uint8

const (
	markSummary mark = 1 << iota
	markThemes
	markRecent
	markPartialParts
)

// advance queues the next revision of each collector of which a section changed.
func (e *Engine) advance(ctx context.Context, pipe *queries.Pipeline, c *changes) error {
	var p queries.CollectorRevisionsAdvanceParams
	for _, id := range slices.Sorted(maps.Keys(c.collectors)) {
		collector := c.collectors[id]
		if collector.changed == 0 {
			continue
		}
		p.UserIDs = append(p.UserIDs, id)
		p.Summary = append(p.Summary, collector.changed&markSummary != 0)
		p.Themes = append(p.Themes, collector.changed&markThemes != 0)
		p.Recent = append(p.Recent, collector.changed&markRecent != 0)
		p.PartialParts = append(p.PartialParts, collector.changed&markPartialParts != 0)
	}
	if len(p.UserIDs) == 0 {
		return nil
	}
	return e.q.CollectorRevisionsAdvance(ctx, pipe, p)
}
