package readmodel

import (
	"context"
	"errors"

	"github.com/brickboard/brickboard/domain"
	"github.com/brickboard/brickboard/queries"
)

// sections are the queued readings of one view, in the order in which their results are taken.
type sections struct {
	revision *queries.CollectorRevisionReadBatchResults
	summary  *queries.DashboardSummaryReadBatchResults
	themes   *queries.ThemeStatsReadBatchResults
	recent   *queries.RecentMOCsReadBatchResults
	partial  *queries.PartialPartsReadBatchResults
}

func (r *Reader) queue(ctx context.Context, db queries.DBTX, collector domain.CollectorID) sections {
	id := []string{string(collector)}
	return sections{
		revision: r.q.CollectorRevisionRead(ctx, db, id),
		summary:  r.q.DashboardSummaryRead(ctx, db, id),
		themes:   r.q.ThemeStatsRead(ctx, db, id),
		recent:   r.q.RecentMOCsRead(ctx, db, id),
		partial:  r.q.PartialPartsRead(ctx, db, id),
	}
}

func (s sections) take(collector domain.CollectorID) (state State, view DashboardView, err error) {
	var failed [5]error
	s.revision.QueryRow(func(_ int, row queries.CollectorRevisionReadRow, e error) {
		state, failed[0] = State{Epoch: wireEpoch(row.Epoch, collector), Revision: row.Revision}, e
	})
	s.summary.Query(func(_ int, rows []queries.DashboardSummaryReadRow, e error) {
		view.Summary, failed[1] = summaryOf(rows), e
	})
	s.themes.Query(func(_ int, rows []queries.ThemeStatsReadRow, e error) {
		view.ThemeBreakdown, failed[2] = list(rows, themeStatsOf), e
	})
	s.recent.Query(func(_ int, rows []queries.RecentMOCsReadRow, e error) {
		view.RecentMOCs, failed[3] = list(rows, recentMOCOf), e
	})
	s.partial.Query(func(_ int, rows []queries.PartialPartsReadRow, e error) {
		view.PartialPartsMOCs, failed[4] = list(rows, partialPartsMOCOf), e
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
