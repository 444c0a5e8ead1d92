package rules

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/brickboard/brickboard/readmodel"
)

// moc is the projected state of a MOC.
type moc struct {
	id                 uuid.UUID
	version            int
	deleted, partial   bool
	title              string
	created, updated   int
	recentRev, partRev int64
}

// database is one collector's read model and what is projected, with the engine's rules for what a change touches.
type database struct {
	epoch    int
	revision int64
	mended   int64
	sections readmodel.Revisions
	mocs     map[uuid.UUID]moc
	clock    int
}

func newDatabase() *database {
	return &database{mocs: map[uuid.UUID]moc{}}
}

func (d *database) clone() *database {
	c := *d
	c.mocs = maps.Clone(d.mocs)
	return &c
}

func (d *database) state() readmodel.State {
	return readmodel.State{Epoch: fmt.Sprintf("epoch-of-the-test-%04d", d.epoch), Revision: d.revision}
}

func newer(a, b moc) int {
	if a.created != b.created {
		return b.created - a.created
	}
	return bytes.Compare(b.id[:], a.id[:])
}

func (d *database) live() (all []moc) {
	for _, m := range d.mocs {
		if !m.deleted {
			all = append(all, m)
		}
	}
	slices.SortFunc(all, newer)
	return all
}

// commit is one projecting transaction of up to n changes.
func (d *database) commit(rng *rand.Rand, n int) {
	tenth, next := d.tenth(), d.revision+1
	var changed [4]bool
	for range 1 + rng.IntN(n) {
		m, old := d.change(rng)
		if tenth == nil || newer(m, *tenth) <= 0 {
			if old == nil || m.deleted != old.deleted || m.title != old.title {
				m.recentRev, changed[readmodel.Recent] = next, true
			}
		}
		if was, is := old != nil && !old.deleted && old.partial, !m.deleted && m.partial; was || is {
			m.partRev, changed[readmodel.PartialParts] = next, true
		}
		if old == nil || m.deleted || m.partial != old.partial {
			changed[readmodel.Summary] = true
			changed[readmodel.Themes] = changed[readmodel.Themes] || rng.IntN(2) == 0
		}
		d.mocs[m.id] = m
	}
	if !slices.Contains(changed[:], true) {
		return
	}
	d.revision = next
	for s, is := range changed {
		if is {
			d.sections[s] = next
		}
	}
}

func (d *database) tenth() *moc {
	if all := d.live(); len(all) >= recentMOCs {
		return &all[recentMOCs-1]
	}
	return nil
}

// change adds a MOC, mostly a new one but sometimes one created long ago, or edits or deletes one.
func (d *database) change(rng *rand.Rand) (m moc, old *moc) {
	d.clock++
	all := d.live()
	if len(all) == 0 || rng.IntN(3) == 0 {
		binary.BigEndian.PutUint64(m.id[:], rng.Uint64())
		m.version, m.created, m.updated, m.partial = 1, d.clock-rng.IntN(8)*rng.IntN(2), d.clock, rng.IntN(2) == 0
		m.title = fmt.Sprint("new ", d.clock)
		return m, nil
	}
	was := all[rng.IntN(len(all))]
	if rng.IntN(2) == 0 {
		was = all[rng.IntN(min(len(all), recentMOCs))]
	}
	m = was
	m.version++
	m.updated = d.clock
	switch rng.IntN(3) {
	case 0:
		m.deleted = true
	case 1:
		m.title = fmt.Sprint("edited ", d.clock)
	case 2:
		m.partial = !m.partial
	}
	return m, &was
}

// mend corrects what drifted, without a trace on the MOCs.
func (d *database) mend(rng *rand.Rand) {
	d.clock++
	for _, m := range d.live() {
		if rng.IntN(3) == 0 {
			m.title, m.partial = fmt.Sprint("mended ", d.clock), rng.IntN(2) == 0
			d.mocs[m.id] = m
		}
	}
	d.revision++
	d.mended = d.revision
	d.sections = readmodel.Revisions{d.revision, d.revision, d.revision, d.revision}
}

func (d *database) view() (v readmodel.DashboardView) {
	all := d.live()
	v.Summary.TotalMOCs = int64(len(all))
	v.Summary.TotalWishlistItems = d.sections[readmodel.Summary] // so that any missed change shows
	v.ThemeBreakdown = []readmodel.ThemeStats{{Theme: "Castle", MOCCount: d.sections[readmodel.Themes]}}
	v.RecentMOCs, v.PartialPartsMOCs = []readmodel.RecentMOC{}, []readmodel.PartialPartsMOC{}
	for _, m := range all[:min(len(all), recentMOCs)] {
		v.RecentMOCs = append(v.RecentMOCs, recentOf(m))
	}
	slices.SortFunc(all, func(a, b moc) int {
		if a.updated != b.updated {
			return b.updated - a.updated
		}
		return descending(a.id, b.id)
	})
	for _, m := range all {
		if m.partial {
			v.PartialPartsMOCs = append(v.PartialPartsMOCs, partialOf(m))
		}
	}
	return v
}

func at(clock int) readmodel.Time { return readmodel.Time(time.UnixMilli(int64(clock))) }

func recentOf(m moc) readmodel.RecentMOC {
	return readmodel.RecentMOC{ID: m.id, Title: m.title, CreatedAt: at(m.created)}
}

func partialOf(m moc) readmodel.PartialPartsMOC {
	return readmodel.PartialPartsMOC{ID: m.id, Title: m.title, LastUpdatedAt: at(m.updated)}
}

// changes reads as Reader.Changes does.
func (d *database) changes(since readmodel.Told, to readmodel.Audience) *readmodel.Changes {
	c := &readmodel.Changes{State: d.state(), Sections: d.sections, Before: since}
	if c.Resync() {
		return c
	}
	v := d.view()
	changed := func(s readmodel.Section) bool { return d.sections[s] > since.Sections[s] }
	continues := func(s readmodel.Section) bool { return d.mended <= since.Sections[s] }
	if changed(readmodel.Summary) {
		c.Summary = &v.Summary
	}
	if changed(readmodel.Themes) {
		c.Themes = v.ThemeBreakdown
	}
	if changed(readmodel.Recent) {
		c.Recent = v.RecentMOCs
		if to&^readmodel.Joining != 0 && continues(readmodel.Recent) {
			c.Added = d.added(since.Sections[readmodel.Recent])
		}
	}
	if changed(readmodel.PartialParts) {
		c.PartialParts = v.PartialPartsMOCs
		if to&readmodel.FollowingDeltas != 0 && continues(readmodel.PartialParts) {
			c.Touched = d.touched(since.Sections[readmodel.PartialParts])
		}
		if c.Touched != nil && to == readmodel.FollowingDeltas {
			c.PartialParts = nil
		}
	}
	return c
}

func (d *database) added(since int64) *readmodel.RecentMOC {
	var touched []moc
	for i, m := range d.live() {
		if i < recentMOCs && m.recentRev > since {
			touched = append(touched, m)
		}
	}
	for _, m := range d.mocs {
		if m.deleted && m.recentRev > since {
			touched = append(touched, m)
		}
	}
	if len(touched) != 1 || touched[0].version != 1 {
		return nil
	}
	added := recentOf(touched[0])
	return &added
}

// touched is told also where it is not fewer rows: only its truth matters here.
func (d *database) touched(since int64) *readmodel.PartialPartsChange {
	change := &readmodel.PartialPartsChange{}
	for _, m := range d.mocs {
		switch {
		case m.partRev <= since:
		case !m.deleted && m.partial:
			change.Upserted = append(change.Upserted, partialOf(m))
		default:
			change.Removed = append(change.Removed, m.id)
		}
	}
	return change
}
