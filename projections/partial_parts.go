package projections

import (
	"context"

	"github.com/brickboard/brickboard/domain"
	"github.com/brickboard/brickboard/queries"
)

// partialParts keeps a row of each MOC whose parts are partly covered.
type partialParts struct {
	q    *queries.Queries
	add  queries.PartialPartsAddParams // of MOCs of which nothing was projected
	put  queries.PartialPartsAddParams
	gone queries.PartialPartsRemoveParams
}

func newPartialParts(q *queries.Queries) *partialParts {
	return &partialParts{q: q}
}

func (p *partialParts) reduce(c *changes) {
	for _, ch := range c.mocs {
		if ch.old != nil {
			ch.new.PartialPartsRevision = ch.old.PartialPartsRevision
		}
		before, after := partial(ch.old), partial(ch.new)
		if samePartial(before, after) {
			continue
		}
		ch.new.PartialPartsRevision = c.collectors[ch.new.UserID].next()
		c.mark(ch.new.UserID, markPartialParts)
		switch {
		case after != nil && ch.old == nil:
			appendPartial(&p.add, after)
		case after != nil:
			appendPartial(&p.put, after)
		default:
			p.gone.UserIDs, p.gone.IDs = append(p.gone.UserIDs, before.UserID), append(p.gone.IDs, before.ID.String())
		}
	}
}

// partial is the state, if it has a row of the partial parts.
func partial(moc *queries.ProjectedMOC) *queries.ProjectedMOC {
	if live(moc) == nil || moc.CoverageStatus != string(domain.PartialOrdered) {
		return nil
	}
	return moc
}

// samePartial compares what a row of the partial parts shows; nil is no row.
func samePartial(a, b *queries.ProjectedMOC) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Title == b.Title && a.Theme == b.Theme && a.BuildStatus == b.BuildStatus &&
		a.CoveragePercentage == b.CoveragePercentage && a.UpdatedAt.Equal(b.UpdatedAt)
}

func appendPartial(p *queries.PartialPartsAddParams, m *queries.ProjectedMOC) {
	p.UserIDs, p.IDs = append(p.UserIDs, m.UserID), append(p.IDs, m.ID.String())
	p.Titles, p.Themes = append(p.Titles, m.Title), append(p.Themes, m.Theme)
	p.BuildStatuses = append(p.BuildStatuses, m.BuildStatus)
	p.CoveragePercentages = append(p.CoveragePercentages, m.CoveragePercentage)
	p.LastUpdatedAt = append(p.LastUpdatedAt, m.UpdatedAt)
}

func (p *partialParts) write(ctx context.Context, pipe *queries.Pipeline, _ *changes) error {
	if len(p.add.IDs) > 0 {
		if err := p.q.PartialPartsAdd(ctx, pipe, p.add); err != nil {
			return err
		}
	}
	if len(p.put.IDs) > 0 {
		if err := p.q.PartialPartsPut(ctx, pipe, queries.PartialPartsPutParams(p.put)); err != nil {
			return err
		}
	}
	if len(p.gone.IDs) > 0 {
		return p.q.PartialPartsRemove(ctx, pipe, p.gone)
	}
	return nil
}
