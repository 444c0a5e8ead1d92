package readmodel

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/brickboard/brickboard/domain"
	"github.com/brickboard/brickboard/queries"
)

// Audience is a kind of those who are told what changed, and how.
type Audience uint8

// The audiences, which can be joined by |.
const (
	Joining         Audience = 1 << iota // whole values only
	Following                            // the MOC added, where that is all that happened to the recent ones
	FollowingDeltas                      // the same, and the rows of the partial parts that were touched, where these are fewer
)

// Changes is what happened to a collector's view after what was Told before, as of one point in time: of every section
// that changed its whole value, a difference, or both, as the audiences need it. In another epoch than before it holds
// no section, for there nothing continues.
type Changes struct {
	State
	Sections Revisions // of the last change of each section
	Before   Told

	// The sections that changed; nil ones did not, or are told by a difference alone.
	Summary      *DashboardSummary
	Themes       []ThemeStats
	Recent       []RecentMOC
	PartialParts []PartialPartsMOC

	// The differences, where there are any.
	Added   *RecentMOC // all that happened to the recent MOCs
	Touched *PartialPartsChange
}

// Resync says that what was told before cannot be continued.
func (c *Changes) Resync() bool { return c.Epoch != c.Before.Epoch }

// Told is what somebody knows who was told the changes.
func (c *Changes) Told() Told { return Told{Epoch: c.Epoch, Sections: c.Sections} }

// Changes reads what happened since, for the audiences, in one transaction of two round trips. Only sections that
// changed are read.
func (r *Reader) Changes(ctx context.Context, collector domain.CollectorID, since Told, to Audience) (*Changes, error) {
	conn, err := r.pool.Acquire(ctx)
	if err != nil {
		return nil, fmt.Errorf("read changes: %w", err)
	}
	defer conn.Release() // which closes a connection whose transaction was left open
	reading := changesReading{r: r, conn: conn, collector: collector, to: to, c: &Changes{Before: since}}
	if err := reading.sections(ctx); err != nil {
		return nil, fmt.Errorf("read sections' revisions: %w", err)
	}
	if err := reading.values(ctx); err != nil {
		return nil, fmt.Errorf("read changed sections: %w", err)
	}
	return reading.c, nil
}

// changesReading is one call of Changes.
type changesReading struct {
	r         *Reader
	conn      *pgxpool.Conn
	collector domain.CollectorID
	to        Audience
	c         *Changes
	mended    int64
	rows      queries.PartialPartsCountRow
}

func (r *changesReading) sections(ctx context.Context) (err error) {
	p := queries.NewPipeline(r.conn)
	if _, err := p.Exec(ctx, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"); err != nil {
		return err
	}
	read := r.r.q.CollectorSectionsRead(ctx, p, []string{string(r.collector)})
	var count *queries.PartialPartsCountBatchResults
	if r.to&FollowingDeltas != 0 {
		count = r.r.q.PartialPartsCount(ctx, p, []queries.PartialPartsCountParams{{
			UserID: string(r.collector), Since: r.c.Before.Sections[PartialParts],
		}})
	}
	read.QueryRow(func(_ int, row queries.CollectorSectionsReadRow, e error) {
		r.c.State = State{Epoch: wireEpoch(row.Epoch, r.collector), Revision: row.Revision}
		r.c.Sections = Revisions{row.SummaryRevision, row.ThemesRevision, row.RecentRevision, row.PartialPartsRevision}
		r.mended, err = row.MendedRevision, e
	})
	if count != nil && err == nil {
		count.QueryRow(func(_ int, row queries.PartialPartsCountRow, e error) { r.rows, err = row, e })
	}
	if closing := p.Run(ctx); err == nil {
		err = closing
	}
	return err
}

// changed says whether the section has to be told, and whether a difference may tell it: none reaches back across a
// mend, which leaves no trace on what it touched.
func (r *changesReading) changed(s Section) (changed, continues bool) {
	since := r.c.Before.Sections[s]
	return !r.c.Resync() && r.c.Sections[s] > since, r.mended <= since
}

func (r *changesReading) values(ctx context.Context) error {
	p := queries.NewPipeline(r.conn)
	var takes []func() error
	takes = append(takes, r.queueCounts(ctx, p)...)
	takes = append(takes, r.queueRecent(ctx, p)...)
	takes = append(takes, r.queuePartial(ctx, p)...)
	if _, err := p.Exec(ctx, "COMMIT"); err != nil {
		return err
	}
	var failed error
	for _, take := range takes {
		if failed = take(); failed != nil {
			break
		}
	}
	if closing := p.Run(ctx); failed == nil {
		failed = closing
	}
	return failed
}
