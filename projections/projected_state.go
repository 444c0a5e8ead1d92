package projections

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/brickboard/brickboard/domain"
	"github.com/brickboard/brickboard/queries"
)

// compare reads what was projected before and keeps as changes what is newer.
func (e *Engine) compare(ctx context.Context, tx pgx.Tx, events latest, c *changes) error {
	if users, ids := keys(events.mocs); len(ids) > 0 {
		old, err := e.q.ProjectedMOCsRead(ctx, tx, queries.ProjectedMOCsReadParams{UserIDs: users, IDs: ids})
		if err != nil {
			return fmt.Errorf("read projected mocs: %w", err)
		}
		c.mocs = newer(events.mocs, old, projectedMOC,
			func(s *queries.ProjectedMOC) (string, uuid.UUID, int64) { return s.UserID, s.ID, s.Version })
	}
	if users, ids := keys(events.sets); len(ids) > 0 {
		old, err := e.q.ProjectedSetsRead(ctx, tx, queries.ProjectedSetsReadParams{UserIDs: users, IDs: ids})
		if err != nil {
			return fmt.Errorf("read projected sets: %w", err)
		}
		c.sets = newer(events.sets, old, projectedSet,
			func(s *queries.ProjectedSet) (string, uuid.UUID, int64) { return s.UserID, s.ID, s.Version })
	}
	if users, ids := keys(events.wishlist); len(ids) > 0 {
		old, err := e.q.ProjectedWishlistItemsRead(ctx, tx, queries.ProjectedWishlistItemsReadParams{UserIDs: users, IDs: ids})
		if err != nil {
			return fmt.Errorf("read projected wishlist items: %w", err)
		}
		c.wishlist = newer(events.wishlist, old, projectedWishlistItem,
			func(s *queries.ProjectedWishlistItem) (string, uuid.UUID, int64) { return s.UserID, s.ID, s.Version })
	}
	return nil
}

func keys(events map[aggregateKey]domain.Event) (users []string, ids []uuid.UUID) {
	for key := range events {
		users, ids = append(users, string(key.collector)), append(ids, key.id)
	}
	return users, ids
}

// newer pairs the events with what was projected of the same aggregate, and drops those that are not newer.
func newer[S any](events map[aggregateKey]domain.Event, old []S, of func(domain.Event) *S,
	identity func(*S) (string, uuid.UUID, int64),
) []change[S] {
	before := make(map[aggregateKey]*S, len(old))
	for i := range old {
		user, id, _ := identity(&old[i])
		before[aggregateKey{domain.CollectorID(user), id}] = &old[i]
	}
	list := make([]change[S], 0, len(events))
	for key, event := range events {
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
	if len(c.mocs) > 0 {
		if err := e.q.ProjectedMOCsPut(ctx, pipe, mocRows(c.mocs)); err != nil {
			return err
		}
	}
	if len(c.sets) > 0 {
		var p queries.ProjectedSetsPutParams
		for _, ch := range c.sets {
			p.UserIDs, p.IDs = append(p.UserIDs, ch.new.UserID), append(p.IDs, ch.new.ID)
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
			p.UserIDs, p.IDs = append(p.UserIDs, ch.new.UserID), append(p.IDs, ch.new.ID)
			p.Versions, p.Deleted = append(p.Versions, ch.new.Version), append(p.Deleted, ch.new.Deleted)
		}
		return e.q.ProjectedWishlistItemsPut(ctx, pipe, p)
	}
	return nil
}

func mocRows(mocs []change[queries.ProjectedMOC]) (p queries.ProjectedMOCsPutParams) {
	for _, ch := range mocs {
		m := ch.new
		p.UserIDs, p.IDs = append(p.UserIDs, m.UserID), append(p.IDs, m.ID)
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
