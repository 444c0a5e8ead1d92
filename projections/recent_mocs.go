package projections

import (
	"bytes"
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/brickboard/brickboard/queries"
)

// recentLimit is how many recent MOCs are shown.
const recentLimit = 10

// recentMOCs keeps the newest ten MOCs of each collector. Whether a change touches them follows from the tenth alone,
// because what is newer than the tenth is among them, and a MOC's time of creation never changes.
type recentMOCs struct {
	q    *queries.Queries
	put  map[string][]change[queries.ProjectedMOC] // by collector
	gone queries.RecentMOCsRemoveParams
	full []string // collectors with more than ten for the moment
	open []string // collectors that lost one of their ten: an older one, not in this batch, may move up
}

func newRecentMOCs(q *queries.Queries) *recentMOCs {
	return &recentMOCs{q: q, put: map[string][]change[queries.ProjectedMOC]{}}
}

// recent is how many MOCs of a collector are shown, and where the oldest of them stands.
type recent struct {
	shown  int
	oldest place
}

// place is where a MOC stands in the order of the recent MOCs.
type place struct {
	createdAt time.Time
	id        uuid.UUID
}

func placeOf(moc *queries.ProjectedMOC) place { return place{moc.CreatedAt, moc.ID} }

func (p place) compare(o place) int {
	if order := p.createdAt.Compare(o.createdAt); order != 0 {
		return order
	}
	return bytes.Compare(p.id[:], o.id[:])
}

// queueRecent queues the reading of what is shown, and returns what takes the result.
func (e *Engine) queueRecent(ctx context.Context, pipe *queries.Pipeline, collectors []string) func(*changes) error {
	if len(collectors) == 0 {
		return nothing
	}
	results := e.q.RecentMOCsShown(ctx, pipe, [][]string{collectors})
	return func(c *changes) (failure error) {
		c.recent = make(map[string]recent, len(collectors))
		results.Query(func(_ int, rows []queries.RecentMOCsShownRow, err error) {
			for _, row := range rows {
				c.recent[row.UserID] = recent{int(row.Shown), place{row.CreatedAt, row.ID}}
			}
			failure = err
		})
		return failure
	}
}

func (r *recentMOCs) reduce(c *changes) {
	added := map[string]int{}
	lost := map[string]bool{}
	for _, ch := range c.mocs {
		if !r.note(ch, c) {
			continue
		}
		user := ch.new.UserID
		switch before, after := live(ch.old), live(ch.new); {
		case after == nil && c.recent[user].shown >= recentLimit:
			lost[user] = true
		case after == nil:
			r.gone.UserIDs, r.gone.IDs = append(r.gone.UserIDs, user), append(r.gone.IDs, before.ID.String())
		case before == nil:
			added[user]++
			fallthrough
		default:
			r.put[user] = append(r.put[user], ch)
		}
	}
	for user := range lost {
		delete(r.put, user) // all of it is read anew
		r.open = append(r.open, user)
	}
	for user, n := range added {
		if !lost[user] && c.recent[user].shown+n > recentLimit {
			r.full = append(r.full, user)
		}
	}
}

// note keeps on the MOC at which revision it was last added, changed or deleted while among the ten, and says whether
// this is such a change.
func (*recentMOCs) note(ch change[queries.ProjectedMOC], c *changes) bool {
	if ch.old != nil {
		ch.new.RecentRevision = ch.old.RecentRevision
	}
	if !c.amongRecent(ch.new) || sameRecent(live(ch.old), live(ch.new)) {
		return false
	}
	ch.new.RecentRevision = c.collectors[ch.new.UserID].next()
	c.mark(ch.new.UserID, markRecent)
	return true
}

// amongRecent says whether the MOC is, or was, not older than the tenth. Of a batch that adds more than ten MOCs to a
// collector, all of them are.
func (c *changes) amongRecent(moc *queries.ProjectedMOC) bool {
	r := c.recent[moc.UserID]
	return r.shown < recentLimit || placeOf(moc).compare(r.oldest) >= 0
}

// sameRecent compares what a row of the recent MOCs shows; nil is no row.
func sameRecent(a, b *queries.ProjectedMOC) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Title == b.Title && a.Theme == b.Theme && a.BuildStatus == b.BuildStatus &&
		orEmpty(a.CoverImageURL) == orEmpty(b.CoverImageURL)
}

func (r *recentMOCs) write(ctx context.Context, pipe *queries.Pipeline, _ *changes) error {
	if len(r.gone.IDs) > 0 {
		if err := r.q.RecentMOCsRemove(ctx, pipe, r.gone); err != nil {
			return err
		}
	}
	added, changed := r.rows()
	if len(added.IDs) > 0 {
		if err := r.q.RecentMOCsAdd(ctx, pipe, added); err != nil {
			return err
		}
	}
	if len(changed.IDs) > 0 {
		if err := r.q.RecentMOCsPut(ctx, pipe, queries.RecentMOCsPutParams(changed)); err != nil {
			return err
		}
	}
	if len(r.full) > 0 {
		if err := r.q.RecentMOCsTrim(ctx, pipe, r.full); err != nil {
			return err
		}
	}
	if len(r.open) > 0 {
		return r.q.RecentMOCsRefresh(ctx, pipe, r.open)
	}
	return nil
}

// rows are at most the newest ten of each collector, for the others would go at once: of MOCs of which nothing was
// projected, and of others.
func (r *recentMOCs) rows() (added, changed queries.RecentMOCsAddParams) {
	for user, mocs := range r.put {
		slices.SortFunc(mocs, func(a, b change[queries.ProjectedMOC]) int { return placeOf(b.new).compare(placeOf(a.new)) })
		for _, ch := range mocs[:min(len(mocs), recentLimit)] {
			p, m := &changed, ch.new
			if ch.old == nil {
				p = &added
			}
			p.UserIDs, p.IDs = append(p.UserIDs, user), append(p.IDs, m.ID.String())
			p.Titles, p.Themes = append(p.Titles, m.Title), append(p.Themes, m.Theme)
			p.BuildStatuses, p.CoverImageURLs = append(p.BuildStatuses, m.BuildStatus), append(p.CoverImageURLs, orEmpty(m.CoverImageURL))
			p.CreatedAt = append(p.CreatedAt, m.CreatedAt)
		}
	}
	return added, changed
}
