package readmodel

import (
	"context"
	"errors"

	"github.com/brickboard/brickboard/domain"
	"github.com/brickboard/brickboard/queries"
)

// sections are the queued readings of one view, in the order in which their results are taken.
type sections struct {
	summary *queries.DashboardSummaryReadBatchResults
	themes  *queries.ThemeStatsReadBatchResults
	recent  *queries.RecentMOCsReadBatchResults
	partial *queries.PartialPartsReadBatchResults
}

func (r *Reader) queue(ctx context.Context, db queries.DBTX, collector domain.CollectorID) (s sections, err error) {
	id := []string{string(collector)}
	if !r.snapshots {
		if _, err := db.Exec(ctx, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"); err != nil {
			return s, err
		}
		defer func() { _, err = db.Exec(ctx, "COMMIT") }()
	}
	return sections{
		summary: r.q.DashboardSummaryRead(ctx, db, id),
		themes:  r.q.ThemeStatsRead(ctx, db, id),
		recent:  r.q.RecentMOCsRead(ctx, db, id),
		partial: r.q.PartialPartsRead(ctx, db, id),
	}, nil
}

func (s sections) take(collector domain.CollectorID) (state State, view DashboardView, err error) {
	var failed [4]error
	s.summary.QueryRow(func(_ int, row queries.DashboardSummaryReadRow, e error) {
		state = State{Epoch: wireEpoch(row.Epoch, collector), Revision: row.Revision}
		view.Summary, failed[0] = summaryOf(row), e
	})
	s.themes.Query(func(_ int, rows []queries.ThemeStatsReadRow, e error) {
		view.ThemeBreakdown, failed[1] = list(rows, themeStatsOf), e
	})
	s.recent.Query(func(_ int, rows []queries.RecentMOCsReadRow, e error) {
		view.RecentMOCs, failed[2] = list(rows, recentMOCOf), e
	})
	s.partial.Query(func(_ int, rows []queries.PartialPartsReadRow, e error) {
		view.PartialPartsMOCs, failed[3] = list(rows, partialPartsMOCOf), e
	})
	return state, view, errors.Join(failed[:]...)
}

// list is never nil, for null is no list on the wire.
func list[R, T any](rows []R, of func(R) T) []T {
	all := make([]T, len(rows))
	for i, row := range rows {
		all[i] = of(row)
	}
	return all
}
