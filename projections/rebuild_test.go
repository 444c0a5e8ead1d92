package projections

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"
	"pgregory.net/rapid"

	"github.com/brickboard/brickboard/domain"
	"github.com/brickboard/brickboard/domain/command"
	"github.com/brickboard/brickboard/internal/messaging"
	"github.com/brickboard/brickboard/queries"
)

func (b bundle) rebuild(t require.TestingT, users ...domain.CollectorID) Rebuilt {
	rebuilt, err := NewRebuilder(b.pool, b.bus).Run(b.ctx, users, 2, func(Progress) {})
	require.NoError(t, err)
	return rebuilt
}

func (b bundle) verify(t require.TestingT, users ...domain.CollectorID) Verified {
	verified, err := NewVerifier(b.pool).Run(b.ctx, users, 2, 1000, func(Progress) {})
	require.NoError(t, err)
	return verified
}

// collect gives a collector something in every table.
func (b bundle) collect(t *testing.T, id domain.CollectorID) {
	t.Helper()
	for i := range 12 {
		_, err := b.commands.AddMOC(t.Context(), command.AddMOC{Collector: id, Draft: domain.MOCDraft{
			Title: fmt.Sprint("MOC ", i), Theme: "Castle", Parts: domain.Parts{Total: 3, Owned: i % 3},
		}})
		require.NoError(t, err)
	}
	_, err := b.commands.AddSet(t.Context(), command.AddSet{Collector: id, Draft: domain.SetDraft{Number: "1-1", Name: "N", Theme: "Space", Quantity: 2}})
	require.NoError(t, err)
	_, err = b.commands.AddWishlistItem(t.Context(), command.AddWishlistItem{Collector: id, Draft: domain.WishlistDraft{Kind: domain.WishedMOC, Title: "W"}})
	require.NoError(t, err)
}

const readModel = `projected_mocs, projected_sets, projected_wishlist_items, dashboard_summary, theme_stats, recent_mocs, partial_parts`

func TestRebuild_FromNothing(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.collect(t, "ada")
	b.collect(t, "bob")
	b.project(t, b.outbox(t)...)
	b.exec(t, "TRUNCATE "+readModel)
	before := len(b.bus.of("ada"))

	rebuilt := b.rebuild(t)
	require.Equal(t, 2, rebuilt.Mended)
	require.Zero(t, rebuilt.Right)
	require.EqualValues(t, 2*(12+1+1+1+2+10+8), rebuilt.Rows)
	b.requireRecomputed(t)
	require.Equal(t, []string{"(ada,2,2,2,2,2,2)", "(bob,2,2,2,2,2,2)"}, b.dump(t, "SELECT * FROM collector_revisions"),
		"one revision, a change of all four sections, kept as the last mend")
	require.Equal(t, []int64{2}, b.bus.of("ada")[before:], "announced once")

	require.Equal(t, Rebuilt{Right: 2}, b.rebuild(t))
	require.Len(t, b.bus.of("ada"), before+1, "what is right is not touched")
	b.project(t, b.outbox(t)...)
	b.requireRecomputed(t)
	require.Zero(t, b.verify(t).DriftedRows)
}

func TestRebuild_MendsAndVerifyNames(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		damage, table string
		rows          int64
	}{
		"AColumnOfTheProjectedState": {"UPDATE projected_mocs SET title = 'forged' WHERE user_id = 'ada' AND title = 'MOC 0'", "projected_mocs", 1},
		"AMissingMOC":                {"DELETE FROM projected_mocs WHERE user_id = 'ada' AND title = 'MOC 0'", "projected_mocs", 1},
		"AVersionAboveTheWriteModel": {"UPDATE projected_sets SET version = 9 WHERE user_id = 'ada'", "projected_sets", 1},
		"AWishlistItemTooMuch":       {"INSERT INTO projected_wishlist_items VALUES ('ada', gen_random_uuid(), 1, true)", "projected_wishlist_items", 1},
		"ACounter":                   {"UPDATE dashboard_summary SET total_wishlist_items = 7 WHERE user_id = 'ada'", "dashboard_summary", 1},
		"NoSummary":                  {"DELETE FROM dashboard_summary WHERE user_id = 'ada'", "dashboard_summary", 1},
		"AThemeTooMuch":              {"INSERT INTO theme_stats VALUES ('ada', 'Zoo', 1, 0)", "theme_stats", 1},
		"ATheme":                     {"UPDATE theme_stats SET set_count = 1 WHERE user_id = 'ada' AND theme = 'Castle'", "theme_stats", 1},
		"RecentTooFew":               {"DELETE FROM recent_mocs WHERE user_id = 'ada' AND title IN ('MOC 5', 'MOC 6')", "recent_mocs", 2},
		"APartialPart":               {"UPDATE partial_parts SET coverage_percentage = 99 WHERE user_id = 'ada' AND title = 'MOC 1'", "partial_parts", 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			b.collect(t, "ada")
			b.collect(t, "bob")
			b.project(t, b.outbox(t)...)
			b.readAll(t)
			b.exec(t, c.damage)
			verified := b.verify(t)
			require.GreaterOrEqual(t, verified.DriftedRows, c.rows)
			require.Contains(t, tablesOf(verified.Drifts), c.table)
			require.Equal(t, Verified{Collectors: 1, Drifts: nil}, b.verify(t, "bob"))

			rebuilt := b.rebuild(t)
			require.Equal(t, Rebuilt{Right: 1, Mended: 1, Rows: rebuilt.Rows}, rebuilt)
			require.GreaterOrEqual(t, rebuilt.Rows, c.rows)
			b.requireRecomputed(t)
			require.Equal(t, []string{"(1,1)", "(2,2)"}, b.dump(t, "SELECT revision, greatest(mended_revision, 1) FROM collector_revisions"))
			require.Zero(t, b.verify(t).DriftedRows)
		})
	}
}

func tablesOf(drifts []Drift) (tables []string) {
	for _, d := range drifts {
		tables = append(tables, d.Table)
	}
	return tables
}

func TestVerify_NamesColumnsUpToALimit(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.collect(t, "ada")
	b.project(t, b.outbox(t)...)
	b.exec(t, "UPDATE theme_stats SET set_count = set_count + 1, moc_count = moc_count + 1")
	verified, err := NewVerifier(b.pool).Run(t.Context(), nil, 1, 3, func(Progress) {})
	require.NoError(t, err)
	require.EqualValues(t, 2, verified.DriftedRows)
	require.Len(t, verified.Drifts, 3)
	require.Contains(t, verified.Drifts, Drift{
		Collector: "ada", Table: "theme_stats", Key: "Castle", Column: "moc_count", Present: []byte("13"), Computed: []byte("12"),
	})
}

func TestRebuild_LeavesWhatIsPendingToItsEvents(t *testing.T) {
	t.Parallel()
	b := setup(t)
	moc := b.addMOC(t, domain.MOCDraft{Title: "Keep"})
	b.readTo(t, 1)
	b.project(t, b.outbox(t)...)
	b.countParts(t, moc, domain.Parts{Total: 2, Owned: 1})
	require.Equal(t, Verified{Collectors: 1, PendingRows: 1}, b.verify(t))
	require.Equal(t, Rebuilt{Right: 1}, b.rebuild(t))
	require.EqualValues(t, 1, b.sections(t)[0])

	b.readTo(t, 2) // past an event that nobody projected: it is lost
	require.EqualValues(t, 1, b.verify(t).DriftedRows)
	require.Equal(t, Rebuilt{Mended: 1, Rows: 3}, b.rebuild(t)) // state, summary, partial parts
	b.requireRecomputed(t)
}

// What was read and waits for a lock is to come as well, and so is what queues up behind it.
func TestVerify_WhatWaitsIsPending(t *testing.T) {
	t.Parallel()
	for name, lock := range map[string]string{
		"ForTheCollector": "SELECT FROM collector_revisions WHERE user_id = 'ada' FOR UPDATE",
		"ForAnotherRow":   "UPDATE dashboard_summary SET total_mocs = total_mocs WHERE user_id = 'ada'",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			moc := b.addMOC(t, domain.MOCDraft{Title: "Keep"})
			b.project(t, b.outbox(t)...)
			release := b.hold(t, lock)
			b.countParts(t, moc, domain.Parts{Total: 2, Owned: 1})
			b.addMOC(t, domain.MOCDraft{Title: "Tower"})
			for _, r := range b.outbox(t)[1:] {
				b.project(t, r)
			}
			b.readAll(t)
			require.Len(t, b.parked(t), 2)
			require.Equal(t, Verified{Collectors: 1, PendingRows: 2}, b.verify(t))

			release()
			require.NoError(t, b.engine.waitFor(t.Context(), "ada"))
			require.Equal(t, Verified{Collectors: 1}, b.verify(t))
			b.requireRecomputed(t)
		})
	}
}

// readTo moves the positions past the first n messages of ada's topic.
func (b bundle) readTo(t *testing.T, n int) {
	t.Helper()
	topic := messaging.TopicFor(string(collectorID))
	b.exec(t, fmt.Sprintf(`UPDATE watermill_offsets_%[1]s SET reading = pg_current_snapshot(), (cut_transaction_id, cut_offset) =
		(SELECT transaction_id, "offset" FROM watermill_%[1]s ORDER BY transaction_id, "offset" LIMIT 1 OFFSET %[2]d)`, topic, n-1))
}

// readAll moves the positions past all that was written.
func (b bundle) readAll(t *testing.T) {
	t.Helper()
	b.exec(t, `UPDATE watermill_offsets_collection_0 SET position = pg_current_snapshot()`)
	b.exec(t, `UPDATE watermill_offsets_collection_1 SET position = pg_current_snapshot()`)
}

func TestRebuild_LateOlderEventOfADeletedMOC(t *testing.T) {
	t.Parallel()
	b := setup(t)
	moc := b.addMOC(t, domain.MOCDraft{Title: "Keep", Parts: domain.Parts{Total: 2, Owned: 1}})
	b.countParts(t, moc, domain.Parts{Total: 2, Owned: 2})
	require.NoError(t, b.commands.DeleteMOC(t.Context(), command.DeleteMOC{Collector: collectorID, ID: moc.ID}))
	records := b.outbox(t)
	b.exec(t, "TRUNCATE "+readModel)
	b.rebuild(t)
	b.project(t, records[1])
	b.project(t, records[0])
	b.requireRecomputed(t)
	require.Equal(t, []string{"(0,0)"}, b.dump(t, "SELECT (SELECT count(*) FROM recent_mocs), (SELECT count(*) FROM partial_parts)"))
}

func TestRebuild_CollectorsThatVanished(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.collect(t, "ada")
	b.project(t, b.outbox(t)...)
	b.exec(t, "TRUNCATE mocs, sets, wishlist_items")
	require.Equal(t, 1, b.rebuild(t).Mended)
	for _, table := range []string{"projected_mocs", "projected_sets", "projected_wishlist_items", "dashboard_summary", "theme_stats", "recent_mocs", "partial_parts"} {
		require.Empty(t, b.dump(t, "SELECT * FROM "+table), table)
	}
	require.Equal(t, [5]int64{2, 2, 2, 2, 2}, b.sections(t), "an empty view at the next revision")
	require.Zero(t, b.rebuild(t).Mended)
}

// stopping is a bus that is at work when the rebuild is stopped.
type stopping struct{ stop func() }

func (s stopping) Announce(ctx context.Context, _ []messaging.Revision) error {
	s.stop()
	return ctx.Err()
}

func TestRebuild_StoppedAfterItsCommitIsAnnounced(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.collect(t, "ada")
	ctx, stop := context.WithCancel(b.ctx)
	rebuilt, err := NewRebuilder(b.pool, stopping{stop}).Run(ctx, nil, 1, func(Progress) {})
	require.NoError(t, err)
	require.Equal(t, 1, rebuilt.Mended)
}

func TestRebuild_OfSome(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.collect(t, "ada")
	b.collect(t, "bob")
	b.project(t, b.outbox(t)...)
	b.exec(t, "DELETE FROM theme_stats")
	require.Equal(t, Rebuilt{Mended: 1, Rows: 2}, b.rebuild(t, "ada", "nobody"))
	require.Equal(t, []string{"(ada)"}, b.dump(t, "SELECT DISTINCT user_id FROM theme_stats"))
}

// The SQL that computes coverage is held against the domain's.
func TestRebuild_CoverageIsTheDomains(t *testing.T) {
	t.Parallel()
	b := setup(t)
	rapid.Check(t, func(t *rapid.T) {
		p := parts.Draw(t, "parts")
		moc, err := b.commands.AddMOC(b.ctx, command.AddMOC{Collector: "ada", Draft: domain.MOCDraft{Title: uuid.NewString(), Theme: "T", Parts: p}})
		require.NoError(t, err)
		var status string
		var percentage int
		require.NoError(t, b.pool.QueryRow(b.ctx, "SELECT coverage_status, coverage_percentage FROM computed_projected_mocs WHERE id = $1",
			moc.ID).Scan(&status, &percentage))
		require.Equal(t, string(p.CoverageStatus()), status)
		require.Equal(t, p.CoveragePercentage(), percentage)
	})
}

func TestSplit(t *testing.T) {
	t.Parallel()
	require.Empty(t, split(nil))
	chunks := split(rowsOf(chunkRows-1, 1, 1, 10*chunkRows, 1))
	require.Equal(t, [][]string{{"0", "1"}, {"2"}, {"3"}, {"4"}}, collectorsIn(chunks))
	require.Len(t, split(rowsOf(make([]int64, 2*chunkCollectors+1)...)), 3)
}

func rowsOf(counts ...int64) (rows []queries.CollectorsListRow) {
	for i, n := range counts {
		rows = append(rows, queries.CollectorsListRow{UserID: fmt.Sprint(i), Rows: n})
	}
	return rows
}

func collectorsIn(chunks []chunk) (ids [][]string) {
	for _, c := range chunks {
		ids = append(ids, c.collectors)
	}
	return ids
}

// Rebuilds and live projection of the same collector at the same time: the locks decide, and nothing is lost.
func TestRebuild_BesideLiveProjectionOfTheSameCollector(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.collect(t, "ada")
	b.project(t, b.outbox(t)...)
	b.readAll(t)
	done := make(chan struct{})
	var rebuilding errgroup.Group
	rebuilding.Go(func() error {
		for {
			select {
			case <-done:
				return nil
			default:
			}
			if _, err := b.pool.Exec(b.ctx, "WITH held AS (SELECT FROM collector_revisions FOR UPDATE) UPDATE projected_mocs SET version = 1, deleted = true FROM held"); err != nil {
				return err
			}
			if _, err := NewRebuilder(b.pool, b.bus).Run(b.ctx, nil, 1, func(Progress) {}); err != nil {
				return err
			}
		}
	})
	seen := len(b.outbox(t))
	for range 40 {
		b.addFor(t, "ada", "live")
		written := b.outbox(t)
		b.project(t, written[seen:]...)
		seen = len(written)
	}
	close(done)
	require.NoError(t, rebuilding.Wait())
	require.NoError(t, b.engine.retryWaiting(t.Context()))
	require.Empty(t, b.parked(t))
	b.readAll(t)
	b.rebuild(t)
	b.requireRecomputed(t)
	require.Zero(t, b.verify(t).DriftedRows)
}

// One large collector, of which there are no statistics: a nested loop over its rows would take minutes.
func TestRebuild_LargeCollectorWithoutStatistics(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, table := range []string{"mocs", "projected_mocs", "theme_stats", "recent_mocs", "partial_parts"} {
		b.exec(t, "ALTER TABLE "+table+" SET (autovacuum_enabled = off)")
	}
	b.exec(t, `INSERT INTO mocs SELECT 'ada', gen_random_uuid(), 'Keep', 'T' || i, 'ADDED', NULL, 4, i % 5, 0, 1, now(), now() FROM generate_series(1, 30000) i`)
	began := time.Now()
	require.Equal(t, 1, b.rebuild(t).Mended)
	b.exec(t, "UPDATE projected_mocs SET title = 'forged'")
	require.EqualValues(t, 30000, b.rebuild(t).Rows)
	require.Zero(t, b.verify(t).DriftedRows)
	require.Less(t, time.Since(began), deadline)
}

// While others work, the transaction that holds their snapshot idles; and they do, while progress is shown.
func TestVerify_IdlesForAsLongAsItTakes(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.collect(t, "ada")
	b.project(t, b.outbox(t)...)
	config := b.pool.Config()
	config.ConnConfig.RuntimeParams["application_name"] = "verification"
	config.ConnConfig.RuntimeParams["idle_in_transaction_session_timeout"] = "500"
	pool, err := pgxpool.NewWithConfig(t.Context(), config)
	require.NoError(t, err)
	t.Cleanup(pool.Close)
	verified, err := NewVerifier(pool).Run(t.Context(), nil, 1, 10, func(Progress) {
		require.Eventually(t, func() bool {
			return len(b.dump(t, `SELECT FROM pg_stat_activity WHERE application_name = 'verification' AND datname = current_database()
				AND state = 'idle in transaction' AND state_change < clock_timestamp() - interval '700 ms'`)) == 2
		}, deadline, often)
	})
	require.NoError(t, err)
	require.Equal(t, 1, verified.Collectors)
}

// A collector that somebody holds does not hold up a rebuild of the others, and is waited for.
func TestRebuild_BusyCollectorComesLast(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.collect(t, "ada")
	b.collect(t, "bob")
	b.project(t, b.outbox(t)...)
	b.exec(t, "DELETE FROM theme_stats")
	release := b.hold(t, "SELECT FROM collector_revisions WHERE user_id = 'ada' FOR UPDATE")
	var rebuilt Rebuilt
	var rebuilding errgroup.Group
	rebuilding.Go(func() (err error) {
		rebuilt, err = NewRebuilder(b.pool, b.bus).Run(b.ctx, nil, 2, func(Progress) {})
		return err
	})
	require.Eventually(t, func() bool { return len(b.dump(t, "SELECT DISTINCT user_id FROM theme_stats")) == 1 }, deadline, often)
	require.Equal(t, []string{"(bob)"}, b.dump(t, "SELECT DISTINCT user_id FROM theme_stats"))
	release()
	require.NoError(t, rebuilding.Wait())
	require.Equal(t, Rebuilt{Mended: 2, Rows: 4}, rebuilt)
}
