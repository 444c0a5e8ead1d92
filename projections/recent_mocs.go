package projections

import (
	"bytes"
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/brickboard/brickboard/queries"
)

// recentMOCs keeps the newest ten MOCs of each collector. Whether a change touches them follows from the tenth alone,
// because what is newer than the tenth is among them, and a MOC's time of creation never changes.
type recentMOCs struct {
	q      *queries.Queries
	tenths map[string]place // of the collectors that have ten
}

// place is where a MOC stands in the order of the recent MOCs.
type place struct {
	createdAt time.Time
	id        uuid.UUID
}

func newRecentMOCs(q *queries.Queries) *recentMOCs {
	return &recentMOCs{q: q, tenths: map[string]place{}}
}

func (r *recentMOCs) reduce(ctx context.Context, db queries.DBTX, c *changes) error {
	if len(c.mocs) == 0 {
		return nil
	}
	users := make([]string, 0, len(c.collectors))
	for id := range c.collectors {
		users = append(users, id)
	}
	rows, err := r.q.RecentMOCsTenth(ctx, db, users)
	if err != nil {
		return err
	}
	for _, row := range rows {
		r.tenths[row.UserID] = place{row.CreatedAt, row.ID}
	}
	for _, ch := range c.mocs {
		r.note(ch, c)
	}
	return nil
}

// note keeps on the MOC at which revision it was last added, changed or deleted while among the ten.
func (r *recentMOCs) note(ch change[queries.ProjectedMOC], c *changes) {
	if ch.old != nil {
		ch.new.RecentRevision = ch.old.RecentRevision
	}
	before, after := live(ch.old), live(ch.new)
	if !r.among(ch.new) || sameRecent(before, after) {
		return
	}
	ch.new.RecentRevision = c.collectors[ch.new.UserID].next()
	c.mark(ch.new.UserID, markRecent)
}

// among says whether the MOC is, or was, not older than the tenth. Of a batch that adds more than ten MOCs to a
// collector, all of them are.
func (r *recentMOCs) among(moc *queries.ProjectedMOC) bool {
	tenth, ten := r.tenths[moc.UserID]
	if !ten {
		return true
	}
	if order := moc.CreatedAt.Compare(tenth.createdAt); order != 0 {
		return order > 0
	}
	return bytes.Compare(moc.ID[:], tenth.id[:]) >= 0
}

// sameRecent compares what a row of the recent MOCs shows; nil is no row.
func sameRecent(a, b *queries.ProjectedMOC) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Title == b.Title && a.Theme == b.Theme && a.BuildStatus == b.BuildStatus &&
		orEmpty(a.CoverImageURL) == orEmpty(b.CoverImageURL)
}

func (r *recentMOCs) write(ctx context.Context, pipe *queries.Pipeline, c *changes) error {
	if users := c.marked(markRecent); len(users) > 0 {
		return r.q.RecentMOCsRefresh(ctx, pipe, users)
	}
	return nil
}
