package projections

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/brickboard/brickboard/internal/messaging"
	"github.com/brickboard/brickboard/queries"
)

// mend makes the collectors' projected state and read tables right, in one transaction that holds them, and announces
// those that were not. Without wait it leaves out the collectors that somebody holds. It returns the collectors it got
// and, of those that were not right, how many rows differed.
func (r *rebuild) mend(ctx context.Context, collectors []string, wait bool) (got []string, differed map[string]int64, err error) {
	// In a transaction of its own: a new row that is not committed would be waited for.
	if err := r.q.CollectorRevisionsEnsure(ctx, r.pool, collectors); err != nil {
		return nil, nil, fmt.Errorf("ensure collectors: %w", err)
	}
	opening := queries.NewPipeline(r.pool)
	opening.Begin(pgx.TxOptions{})
	got, err = r.lock(ctx, opening, collectors, wait)
	err = errors.Join(err, opening.Run(ctx))
	tx := opening.Tx()
	if tx != nil {
		defer func() { _ = tx.Rollback(context.WithoutCancel(ctx)) }()
	}
	if err != nil || len(got) == 0 {
		return nil, nil, err
	}
	if differed, err = r.mendTables(ctx, tx, got, r.everything); err != nil {
		return nil, nil, err
	}
	revisions, err := r.mended(ctx, tx, differed)
	if err != nil {
		return nil, nil, err
	}
	if err := tx.Commit(ctx); err != nil {
		return nil, nil, fmt.Errorf("commit: %w", err)
	}
	if err := r.announce.Announce(context.WithoutCancel(ctx), revisions); err != nil { // it is committed: who looks at it has to hear
		return nil, nil, fmt.Errorf("announce revisions: %w", err)
	}
	return got, differed, nil
}

// lock is a statement of its own: what follows sees what it waited for.
func (r *Rebuilder) lock(ctx context.Context, pipe *queries.Pipeline, collectors []string, wait bool) (got []string, failure error) {
	if err := r.q.TransactionByIndex(ctx, pipe); err != nil {
		return nil, err
	}
	if wait {
		r.q.CollectorRevisionsLock(ctx, pipe, [][]string{collectors}).Query(func(_ int, rows []queries.CollectorRevisionsLockRow, err error) {
			for _, row := range rows {
				got = append(got, row.UserID)
			}
			failure = err
		})
		return got, failure
	}
	r.q.CollectorRevisionsLockFree(ctx, pipe, [][]string{collectors}).Query(func(_ int, rows []queries.CollectorRevisionsLockFreeRow, err error) {
		for _, row := range rows {
			got = append(got, row.UserID)
		}
		failure = err
	})
	return got, failure
}

// mendTables sends one statement a table in one round trip: the projected state first, from which the others follow.
func (r *Rebuilder) mendTables(ctx context.Context, tx pgx.Tx, users []string, everything bool) (map[string]int64, error) {
	pipe, of := queries.NewPipeline(tx), [][]string{users}
	mocs := r.q.ProjectedMOCsMend(ctx, pipe, []queries.ProjectedMOCsMendParams{{UserIDs: users, Everything: everything}})
	sets := r.q.ProjectedSetsMend(ctx, pipe, []queries.ProjectedSetsMendParams{{UserIDs: users, Everything: everything}})
	wishlist := r.q.ProjectedWishlistItemsMend(ctx, pipe, []queries.ProjectedWishlistItemsMendParams{{UserIDs: users, Everything: everything}})
	summary, themes := r.q.DashboardSummaryMend(ctx, pipe, of), r.q.ThemeStatsMend(ctx, pipe, of)
	recent, partial := r.q.RecentMOCsMend(ctx, pipe, of), r.q.PartialPartsMend(ctx, pipe, of)
	differed := map[string]int64{}
	for _, table := range []struct {
		name string
		take func() error
	}{
		{"projected_mocs", func() error { return tally(mocs.Query, differed) }},
		{"projected_sets", func() error { return tally(sets.Query, differed) }},
		{"projected_wishlist_items", func() error { return tally(wishlist.Query, differed) }},
		{"dashboard_summary", func() error { return tally(summary.Query, differed) }},
		{"theme_stats", func() error { return tally(themes.Query, differed) }},
		{"recent_mocs", func() error { return tally(recent.Query, differed) }},
		{"partial_parts", func() error { return tally(partial.Query, differed) }},
	} {
		if err := table.take(); err != nil {
			return nil, errors.Join(fmt.Errorf("mend %s: %w", table.name, err), pipe.Run(ctx))
		}
	}
	return differed, pipe.Run(ctx)
}

// mendedRows is how many rows of a collector differed.
type mendedRows struct {
	UserID string
	Rows   int64
}

func tally[R ~struct {
	UserID string
	Rows   int64
}](query func(func(int, []R, error)), differed map[string]int64) (failure error) {
	query(func(_ int, rows []R, err error) {
		for _, row := range rows {
			differed[mendedRows(row).UserID] += mendedRows(row).Rows
		}
		failure = err
	})
	return failure
}

// mended takes the revisions of those that differed.
func (r *Rebuilder) mended(ctx context.Context, tx pgx.Tx, differed map[string]int64) (revisions []messaging.Revision, err error) {
	if len(differed) == 0 {
		return nil, nil
	}
	users := make([]string, 0, len(differed))
	for id := range differed {
		users = append(users, id)
	}
	rows, err := r.q.CollectorRevisionsMend(ctx, tx, users)
	if err != nil {
		return nil, fmt.Errorf("take revisions: %w", err)
	}
	for _, row := range rows {
		revisions = append(revisions, messaging.Revision{Collector: row.UserID, Revision: row.Revision})
	}
	return revisions, nil
}
