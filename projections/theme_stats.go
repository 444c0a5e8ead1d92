package projections

import (
	"context"

	"github.com/brickboard/brickboard/queries"
)

type themeKey struct{ userID, theme string }

type themeCounts struct{ mocs, sets int64 }

// themeStats moves each theme's counters by the difference that the changes make: MOCs by one, sets by quantity.
type themeStats struct {
	q           *queries.Queries
	differences map[themeKey]themeCounts
}

func newThemeStats(q *queries.Queries) *themeStats {
	return &themeStats{q: q, differences: map[themeKey]themeCounts{}}
}

func (t *themeStats) reduce(c *changes) {
	for _, ch := range c.mocs {
		t.countMOC(live(ch.old), -1)
		t.countMOC(live(ch.new), +1)
	}
	for _, ch := range c.sets {
		t.countSet(ch.old, -1)
		t.countSet(ch.new, +1)
	}
	for key, difference := range t.differences {
		if difference == (themeCounts{}) {
			delete(t.differences, key)
			continue
		}
		c.mark(key.userID, markThemes)
	}
}

func (t *themeStats) countMOC(moc *queries.ProjectedMOC, by int64) {
	if moc != nil {
		key := themeKey{moc.UserID, moc.Theme}
		counts := t.differences[key]
		counts.mocs += by
		t.differences[key] = counts
	}
}

func (t *themeStats) countSet(set *queries.ProjectedSet, by int64) {
	if set != nil && !set.Deleted {
		key := themeKey{set.UserID, set.Theme}
		counts := t.differences[key]
		counts.sets += by * int64(set.Quantity)
		t.differences[key] = counts
	}
}

func (t *themeStats) write(ctx context.Context, pipe *queries.Pipeline, _ *changes) error {
	if len(t.differences) == 0 {
		return nil
	}
	var p queries.ThemeStatsApplyParams
	var fewer queries.ThemeStatsTrimParams
	for key, d := range t.differences {
		p.UserIDs, p.Themes = append(p.UserIDs, key.userID), append(p.Themes, key.theme)
		p.MOCCounts, p.SetCounts = append(p.MOCCounts, d.mocs), append(p.SetCounts, d.sets)
		if d.mocs < 0 || d.sets < 0 {
			fewer.UserIDs, fewer.Themes = append(fewer.UserIDs, key.userID), append(fewer.Themes, key.theme)
		}
	}
	if err := t.q.ThemeStatsApply(ctx, pipe, p); err != nil || len(fewer.UserIDs) == 0 {
		return err
	}
	return t.q.ThemeStatsTrim(ctx, pipe, fewer)
}
