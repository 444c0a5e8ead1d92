package readmodel

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/brickboard/brickboard/domain"
	"github.com/brickboard/brickboard/internal/testsupport"
)

func TestMain(m *testing.M) { testsupport.Main(m) }

// fill writes a view of n MOCs at revision n, all of them one theme's and partly covered.
func fill(t *testing.T, pool *pgxpool.Pool, collector domain.CollectorID, n int) {
	t.Helper()
	batch := &pgx.Batch{}
	batch.Queue(`DELETE FROM collector_revisions WHERE user_id = $1`, collector)
	batch.Queue(`INSERT INTO collector_revisions VALUES ($1, $2, $2, $2, $2, $2)`, collector, n)
	batch.Queue(`INSERT INTO dashboard_summary (user_id, total_mocs, mocs_built, mocs_partial_ordered, total_wishlist_items) VALUES ($1, $2, $2, $2, 7)
		ON CONFLICT (user_id) DO UPDATE SET total_mocs = excluded.total_mocs, mocs_built = excluded.total_mocs, mocs_partial_ordered = excluded.total_mocs`, collector, n)
	batch.Queue(`INSERT INTO theme_stats VALUES ($1, 'Castle', $2, 0)
		ON CONFLICT (user_id, theme) DO UPDATE SET moc_count = excluded.moc_count`, collector, n)
	batch.Queue(`DELETE FROM partial_parts WHERE user_id = $1`, collector)
	batch.Queue(`INSERT INTO partial_parts SELECT $1, gen_random_uuid(), 'Keep ' || i, 'Castle', 'BUILT', 50,
		'2026-01-01T00:00:00Z'::timestamptz + i * interval '1 s' FROM generate_series(1, $2) i`, collector, n)
	require.NoError(t, pool.SendBatch(t.Context(), batch).Close())
}

func snapshot(t *testing.T, r *Reader, collector domain.CollectorID) (*Snapshot, DashboardView) {
	t.Helper()
	state, err := r.State(t.Context(), collector)
	require.NoError(t, err)
	s, err := r.SnapshotAt(t.Context(), collector, state)
	require.NoError(t, err)
	var shape struct {
		DashboardView
		PartialPartsMOCs []json.RawMessage `json:"partialPartsMocs"`
		RecentMOCs       []json.RawMessage `json:"recentMocs"`
	}
	require.NoError(t, json.Unmarshal(s.JSON, &shape))
	return s, shape.DashboardView
}

func TestReader_UnknownCollectorHasAViewOfZeros(t *testing.T) {
	t.Parallel()
	r := NewReader(testsupport.Database(t), 1<<20)
	s, _ := snapshot(t, r, "nobody")
	require.JSONEq(t, `{"summary":{"totalMocs":0,"totalWishlistItems":0,"mocsByBuildStatus":{"ADDED":0,"IN_PROGRESS":0,"BUILT":0},
		"mocsByCoverageStatus":{"FULL_INVENTORY":0,"PARTIAL_ORDERED":0,"NONE":0}},
		"themeBreakdown":[],"recentMocs":[],"partialPartsMocs":[]}`, string(s.JSON))
	require.Zero(t, s.Revision)
	require.Regexp(t, `^[A-Za-z0-9_-]{22}$`, s.Epoch)
	require.Nil(t, s.Gzip())
}

func TestReader_StatesOfTwoCollectorsAreNeverTheSame(t *testing.T) {
	t.Parallel()
	r := NewReader(testsupport.Database(t), 0)
	ada, err := r.State(t.Context(), "ada")
	require.NoError(t, err)
	bob, err := r.State(t.Context(), "bob")
	require.NoError(t, err)
	require.NotEqual(t, ada.String(), bob.String())
	_, err = r.pool.Exec(t.Context(), "UPDATE epoch SET epoch = gen_random_uuid()")
	require.NoError(t, err)
	anew, err := r.State(t.Context(), "ada")
	require.NoError(t, err)
	require.NotEqual(t, ada.Epoch, anew.Epoch)
}

func TestReader_Snapshot_IsCachedAndNeverStale(t *testing.T) {
	t.Parallel()
	pool := testsupport.Database(t)
	r := NewReader(pool, 1<<20)
	fill(t, pool, "ada", 3)
	first, view := snapshot(t, r, "ada")
	require.EqualValues(t, 3, view.Summary.TotalMOCs)
	again, err := r.Snapshot(t.Context(), "ada")
	require.NoError(t, err)
	require.Same(t, first, again)
	fill(t, pool, "ada", 4)
	next, view := snapshot(t, r, "ada")
	require.EqualValues(t, 4, view.Summary.TotalMOCs)
	require.EqualValues(t, 4, next.Revision)
	_, err = pool.Exec(t.Context(), "UPDATE epoch SET epoch = gen_random_uuid()")
	require.NoError(t, err)
	restored, _ := snapshot(t, r, "ada")
	require.NotEqual(t, next.Epoch, restored.Epoch)
}

func TestReader_Snapshot_WithoutACache(t *testing.T) {
	t.Parallel()
	pool := testsupport.Database(t)
	r := NewReader(pool, 0)
	fill(t, pool, "ada", 1)
	first, _ := snapshot(t, r, "ada")
	second, _ := snapshot(t, r, "ada")
	require.NotSame(t, first, second)
	require.Equal(t, first.JSON, second.JSON)
}

// beforeALock is a reader, with ada's state, whose views have to wait until the transaction, which has a connection of
// the pool, ends.
func beforeALock(t *testing.T, pool *pgxpool.Pool) (r *Reader, ada State, lock pgx.Tx) {
	t.Helper()
	r = NewReader(pool, 1<<20)
	ada, err := r.State(t.Context(), "ada")
	require.NoError(t, err)
	lock, err = pool.Begin(t.Context())
	require.NoError(t, err)
	_, err = lock.Exec(t.Context(), "LOCK TABLE partial_parts IN ACCESS EXCLUSIVE MODE")
	require.NoError(t, err)
	return r, ada, lock
}

// A view that waits for a lock ends with its request: it keeps no connection, and holds up no shutdown.
func TestReader_SnapshotAt_EndsWithItsRequest(t *testing.T) {
	t.Parallel()
	pool := testsupport.Database(t)
	r, state, lock := beforeALock(t, pool)

	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err := r.SnapshotAt(ctx, "ada", state)
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.Eventually(t, func() bool { return pool.Stat().AcquiredConns() == 1 }, 10*time.Second, time.Millisecond)
	require.NoError(t, lock.Rollback(t.Context()))
}

// Who shares a reading with somebody whose time ends has the whole of its own.
func TestReader_SnapshotAt_OutlastsWhoBeganIt(t *testing.T) {
	t.Parallel()
	pool := testsupport.Database(t)
	r, state, lock := beforeALock(t, pool)

	brief, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	began, shared := make(chan error, 1), make(chan error, 1)
	ask := func(ctx context.Context, answer chan<- error) {
		_, err := r.SnapshotAt(ctx, "ada", state)
		answer <- err
	}
	go ask(brief, began)
	require.Eventually(t, func() bool { return pool.Stat().AcquiredConns() == 2 }, 10*time.Second, time.Millisecond)
	go ask(t.Context(), shared)
	require.ErrorIs(t, <-began, context.DeadlineExceeded)
	require.NoError(t, lock.Rollback(t.Context()))
	require.NoError(t, <-shared)
}

func TestCache_IsBounded(t *testing.T) {
	t.Parallel()
	pool := testsupport.Database(t)
	r := NewReader(pool, 100_000)
	for i := range 100 {
		id := domain.CollectorID(fmt.Sprint("collector ", i))
		fill(t, pool, id, 20)
		snapshot(t, r, id)
	}
	r.cache.answers.CleanUp()
	require.LessOrEqual(t, r.cache.answers.WeightedSize(), uint64(100_000))
	require.NotZero(t, r.cache.answers.EstimatedSize())
}

func TestSnapshot_Weight_IsWhatIsHeld(t *testing.T) {
	t.Parallel()
	view := DashboardView{ThemeBreakdown: make([]ThemeStats, 1000)}
	s, err := newSnapshot(State{}, view, &compressor{})
	require.NoError(t, err)
	require.GreaterOrEqual(t, int(s.weight()), cap(s.JSON)+cap(s.Gzip()))
}

func TestSnapshot_Gzip_OncePerSnapshot(t *testing.T) {
	t.Parallel()
	pool := testsupport.Database(t)
	r := NewReader(pool, 1<<20)
	fill(t, pool, "ada", 100)
	s, _ := snapshot(t, r, "ada")
	compressed := s.Gzip()
	require.Same(t, &compressed[0], &s.Gzip()[0])
	unzip, err := gzip.NewReader(bytes.NewReader(compressed))
	require.NoError(t, err)
	plain, err := io.ReadAll(unzip)
	require.NoError(t, err)
	require.Equal(t, s.JSON, plain)
}

// Equal times are told apart by id.
func TestReader_View_Order(t *testing.T) {
	t.Parallel()
	pool := testsupport.Database(t)
	_, err := pool.Exec(t.Context(), `INSERT INTO theme_stats SELECT 'ada', theme, 1, 0 FROM unnest('{technic,Zoo,Ärger,Technic,Technic 2}'::text[]) theme;
		INSERT INTO recent_mocs SELECT 'ada', format('00000000-0000-7000-8000-%s', n)::uuid, n, 'T', 'ADDED', NULL, to_timestamp(at)
			FROM (VALUES ('000000000002', 5), ('000000000003', 5), ('000000000001', 6), ('000000000004', 4)) m (n, at);
		INSERT INTO partial_parts SELECT user_id, id, title, theme, build_status, 50, created_at FROM recent_mocs`)
	require.NoError(t, err)
	_, view, err := NewReader(pool, 0).View(t.Context(), "ada")
	require.NoError(t, err)
	var themes, recent, partial []string
	for _, row := range view.ThemeBreakdown {
		themes = append(themes, row.Theme)
	}
	for i, row := range view.RecentMOCs {
		recent, partial = append(recent, row.ID.String()[35:]), append(partial, view.PartialPartsMOCs[i].ID.String()[35:])
	}
	require.Equal(t, []string{"Technic", "Technic 2", "Zoo", "technic", "Ärger"}, themes)
	require.Equal(t, []string{"1", "3", "2", "4"}, recent)
	require.Equal(t, recent, partial)
}

func TestTime_HasThreeDecimals(t *testing.T) {
	t.Parallel()
	for value, want := range map[time.Time]string{
		time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC):                           `"2026-01-02T03:04:05.000Z"`,
		time.Date(2026, 1, 2, 3, 4, 5, 70_000_000, time.FixedZone("", -3600)): `"2026-01-02T04:04:05.070Z"`,
	} {
		encoded, err := json.Marshal(Time(value))
		require.NoError(t, err)
		require.Equal(t, want, string(encoded))
	}
}
