package readmodel

import (
	"context"

	"github.com/google/uuid"

	"github.com/brickboard/brickboard/queries"
)

// Each of these queues the reading of sections that changed, and returns what takes the results, in order.

func (r *changesReading) queueCounts(ctx context.Context, p *queries.Pipeline) (takes []func() error) {
	id := []string{string(r.collector)}
	if changed, _ := r.changed(Summary); changed {
		read := r.r.q.DashboardSummaryRead(ctx, p, id)
		takes = append(takes, func() (err error) {
			read.QueryRow(func(_ int, row queries.DashboardSummaryReadRow, e error) {
				summary := summaryOf(row)
				r.c.Summary, err = &summary, e
			})
			return err
		})
	}
	if changed, _ := r.changed(Themes); changed {
		read := r.r.q.ThemeStatsRead(ctx, p, id)
		takes = append(takes, func() (err error) {
			read.Query(func(_ int, rows []queries.ThemeStatsReadRow, e error) { r.c.Themes, err = list(rows, themeStatsOf), e })
			return err
		})
	}
	return takes
}

// queueRecent reads all ten in any case: they cost less than to know beforehand whether they are needed.
func (r *changesReading) queueRecent(ctx context.Context, p *queries.Pipeline) (takes []func() error) {
	changed, continues := r.changed(Recent)
	if !changed {
		return nil
	}
	read := r.r.q.RecentMOCsRead(ctx, p, []string{string(r.collector)})
	takes = append(takes, func() (err error) {
		read.Query(func(_ int, rows []queries.RecentMOCsReadRow, e error) { r.c.Recent, err = list(rows, recentMOCOf), e })
		return err
	})
	if r.to&^Joining == 0 || !continues {
		return takes
	}
	touched := r.r.q.RecentMOCsTouched(ctx, p, []queries.RecentMOCsTouchedParams{{
		UserID: string(r.collector), Since: r.c.Before.Sections[Recent],
	}})
	return append(takes, func() (err error) {
		touched.Query(func(_ int, rows []queries.RecentMOCsTouchedRow, e error) {
			err = e
			if len(rows) == 1 && rows[0].Version == 1 {
				r.c.Added = r.recent(rows[0].ID)
			}
		})
		return err
	})
}

func (r *changesReading) recent(id uuid.UUID) *RecentMOC {
	for i := range r.c.Recent {
		if r.c.Recent[i].ID == id {
			return &r.c.Recent[i]
		}
	}
	return nil
}

func (r *changesReading) queuePartial(ctx context.Context, p *queries.Pipeline) (takes []func() error) {
	changed, continues := r.changed(PartialParts)
	if !changed {
		return nil
	}
	difference := r.to&FollowingDeltas != 0 && continues && r.rows.Touched < r.rows.Listed
	if difference {
		read := r.r.q.PartialPartsTouched(ctx, p, []queries.PartialPartsTouchedParams{{
			UserID: string(r.collector), Since: r.c.Before.Sections[PartialParts],
		}})
		takes = append(takes, func() (err error) {
			read.Query(func(_ int, rows []queries.PartialPartsTouchedRow, e error) { r.c.Touched, err = changeOf(rows), e })
			return err
		})
	}
	if difference && r.to == FollowingDeltas {
		return takes
	}
	read := r.r.q.PartialPartsRead(ctx, p, []string{string(r.collector)})
	return append(takes, func() (err error) {
		read.Query(func(_ int, rows []queries.PartialPartsReadRow, e error) {
			r.c.PartialParts, err = list(rows, partialPartsMOCOf), e
		})
		return err
	})
}
