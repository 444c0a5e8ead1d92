package projections

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/brickboard/brickboard/domain"
	"github.com/brickboard/brickboard/queries"
)

// nothing takes no result.
func nothing(*changes) error { return nil }

// queueStates queues the reading of what was projected before of the events' aggregates, and returns what takes the
// results and keeps as changes what is newer.
func (e *Engine) queueStates(ctx context.Context, pipe *queries.Pipeline, events latest) func(*changes) error {
	mocs, sets, wishlist := nothing, nothing, nothing
	if users, ids := keys(events.mocs); len(ids) > 0 {
		mocs = e.queueMOCs(ctx, pipe, queries.ProjectedMOCsReadParams{UserIDs: users, IDs: ids}, events.mocs)
	}
	if users, ids := keys(events.sets); len(ids) > 0 {
		sets = e.queueSets(ctx, pipe, queries.ProjectedSetsReadParams{UserIDs: users, IDs: ids}, events.sets)
	}
	if users, ids := keys(events.wishlist); len(ids) > 0 {
		wishlist = e.queueWishlist(ctx, pipe, queries.ProjectedWishlistItemsReadParams{UserIDs: users, IDs: ids}, events.wishlist)
	}
	return func(c *changes) error {
		for _, take := range []func(*changes) error{mocs, sets, wishlist} {
			if err := take(c); err != nil {
				return fmt.Errorf("read projected state: %w", err)
			}
		}
		return nil
	}
}

func (e *Engine) queueMOCs(ctx context.Context, pipe *queries.Pipeline, p queries.ProjectedMOCsReadParams, events []domain.Event) func(*changes) error {
	results := e.q.ProjectedMOCsRead(ctx, pipe, []queries.ProjectedMOCsReadParams{p})
	return func(c *changes) (failure error) {
		results.Query(func(_ int, old []queries.ProjectedMOC, err error) {
			c.mocs, failure = newer(c, events, old, projectedMOC,
				func(s *queries.ProjectedMOC) (string, uuid.UUID, int64) { return s.UserID, s.ID, s.Version }), err
		})
		return failure
	}
}

func (e *Engine) queueSets(ctx context.Context, pipe *queries.Pipeline, p queries.ProjectedSetsReadParams, events []domain.Event) func(*changes) error {
	results := e.q.ProjectedSetsRead(ctx, pipe, []queries.ProjectedSetsReadParams{p})
	return func(c *changes) (failure error) {
		results.Query(func(_ int, old []queries.ProjectedSet, err error) {
			c.sets, failure = newer(c, events, old, projectedSet,
				func(s *queries.ProjectedSet) (string, uuid.UUID, int64) { return s.UserID, s.ID, s.Version }), err
		})
		return failure
	}
}

func (e *Engine) queueWishlist(ctx context.Context, pipe *queries.Pipeline, p queries.ProjectedWishlistItemsReadParams, events []domain.Event) func(*changes) error {
	results := e.q.ProjectedWishlistItemsRead(ctx, pipe, []queries.ProjectedWishlistItemsReadParams{p})
	return func(c *changes) (failure error) {
		results.Query(func(_ int, old []queries.ProjectedWishlistItem, err error) {
			c.wishlist, failure = newer(c, events, old, projectedWishlistItem,
				func(s *queries.ProjectedWishlistItem) (string, uuid.UUID, int64) { return s.UserID, s.ID, s.Version }), err
		})
		return failure
	}
}

func keys(events []domain.Event) (users, ids []string) {
	for _, e := range events {
		id, _ := e.Aggregate()
		users, ids = append(users, string(e.Collector())), append(ids, id.String())
	}
	return users, ids
}

// newer pairs the events of locked collectors with what was projected of the same aggregate, and drops those that are
// not newer.
func newer[S any](c *changes, events []domain.Event, old []S, of func(domain.Event) *S,
	identity func(*S) (string, uuid.UUID, int64),
) []change[S] {
	before := make(map[aggregateKey]*S, len(old))
	for i := range old {
		user, id, _ := identity(&old[i])
		before[aggregateKey{domain.CollectorID(user), id}] = &old[i]
	}
	list := make([]change[S], 0, len(events))
	for _, event := range events {
		key := keyOf(event)
		if _, locked := c.collectors[string(key.collector)]; !locked {
			continue
		}
		next := change[S]{old: before[key], new: of(event)}
		if next.old != nil {
			_, _, had := identity(next.old)
			if _, _, has := identity(next.new); has <= had {
				continue
			}
		}
		list = append(list, next)
	}
	return list
}

// putStates queues the new states.
func (e *Engine) putStates(ctx context.Context, pipe *queries.Pipeline, c *changes) error {
	if added := mocRows(c.mocs, true); len(added.IDs) > 0 {
		if err := e.q.ProjectedMOCsInsert(ctx, pipe, added); err != nil {
			return err
		}
	}
	if changed := mocRows(c.mocs, false); len(changed.IDs) > 0 {
		if err := e.q.ProjectedMOCsUpdate(ctx, pipe, queries.ProjectedMOCsUpdateParams(changed)); err != nil {
			return err
		}
	}
	if len(c.sets) > 0 {
		var p queries.ProjectedSetsPutParams
		for _, ch := range c.sets {
			p.UserIDs, p.IDs = append(p.UserIDs, ch.new.UserID), append(p.IDs, ch.new.ID.String())
			p.Versions, p.Deleted = append(p.Versions, ch.new.Version), append(p.Deleted, ch.new.Deleted)
			p.Themes, p.Quantities = append(p.Themes, ch.new.Theme), append(p.Quantities, ch.new.Quantity)
		}
		if err := e.q.ProjectedSetsPut(ctx, pipe, p); err != nil {
			return err
		}
	}
	if len(c.wishlist) > 0 {
		var p queries.ProjectedWishlistItemsPutParams
		for _, ch := range c.wishlist {
			p.UserIDs, p.IDs = append(p.UserIDs, ch.new.UserID), append(p.IDs, ch.new.ID.String())
			p.Versions, p.Deleted = append(p.Versions, ch.new.Version), append(p.Deleted, ch.new.Deleted)
		}
		return e.q.ProjectedWishlistItemsPut(ctx, pipe, p)
	}
	return nil
}

// mocRows are the new states of those MOCs of which nothing was projected, or of the others.
func mocRows(mocs []change[queries.ProjectedMOC], added bool) (p queries.ProjectedMOCsInsertParams) {
	for _, ch := range mocs {
		if (ch.old == nil) != added {
			continue
		}
		m := ch.new
		p.UserIDs, p.IDs = append(p.UserIDs, m.UserID), append(p.IDs, m.ID.String())
		p.Versions, p.Deleted = append(p.Versions, m.Version), append(p.Deleted, m.Deleted)
		p.Titles, p.Themes = append(p.Titles, m.Title), append(p.Themes, m.Theme)
		p.BuildStatuses, p.CoverImageURLs = append(p.BuildStatuses, m.BuildStatus), append(p.CoverImageURLs, orEmpty(m.CoverImageURL))
		p.CoverageStatuses = append(p.CoverageStatuses, m.CoverageStatus)
		p.CoveragePercentages = append(p.CoveragePercentages, m.CoveragePercentage)
		p.CreatedAt, p.UpdatedAt = append(p.CreatedAt, m.CreatedAt), append(p.UpdatedAt, m.UpdatedAt)
		p.RecentRevisions = append(p.RecentRevisions, m.RecentRevision)
		p.PartialPartsRevisions = append(p.PartialPartsRevisions, m.PartialPartsRevision)
	}
	return p
}

// orEmpty is how null travels in an array of text.
func orEmpty(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
