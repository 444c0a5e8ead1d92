package queries_test

import (
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/brickboard/brickboard/internal/testsupport"
	"github.com/brickboard/brickboard/queries"
)

func TestMain(m *testing.M) { testsupport.Main(m) }

func TestPipeline_OnAPoolIsOneTransaction(t *testing.T) {
	t.Parallel()
	pool, q := testsupport.Database(t), queries.New()
	p := queries.NewPipeline(pool)
	require.NoError(t, q.CollectorRevisionsEnsure(t.Context(), p, []string{"ada"}))
	_, err := p.Exec(t.Context(), "SELECT 1 / 0")
	require.NoError(t, err, "nothing has run")
	require.ErrorContains(t, p.Run(t.Context()), "division by zero")
	require.Zero(t, count(t, pool))

	p = queries.NewPipeline(pool)
	require.NoError(t, q.CollectorRevisionsEnsure(t.Context(), p, []string{"ada"}))
	require.NoError(t, p.Run(t.Context()))
	require.Equal(t, 1, count(t, pool))
	require.Zero(t, pool.Stat().AcquiredConns())
}

func TestPipeline_TakesResultsInTheirOrder(t *testing.T) {
	t.Parallel()
	pool, q := testsupport.Database(t), queries.New()
	p := queries.NewPipeline(pool)
	require.NoError(t, q.CollectorRevisionsEnsure(t.Context(), p, []string{"ada"}))
	revision := q.CollectorRevisionRead(t.Context(), p, []string{"ada"})
	require.NoError(t, q.ThemeStatsApply(t.Context(), p, queries.ThemeStatsApplyParams{
		UserIDs: []string{"ada"}, Themes: []string{"Castle"}, MOCCounts: []int64{1}, SetCounts: []int64{2},
	}))
	themes := q.ThemeStatsRead(t.Context(), p, []string{"ada"})
	revision.QueryRow(func(_ int, row queries.CollectorRevisionReadRow, err error) {
		require.NoError(t, err)
		require.Zero(t, row.Revision)
	})
	themes.Query(func(_ int, rows []queries.ThemeStatsReadRow, err error) {
		require.NoError(t, err)
		require.Equal(t, []queries.ThemeStatsReadRow{{Theme: "Castle", MOCCount: 1, SetCount: 2}}, rows)
	})
	require.NoError(t, p.Run(t.Context()))
}

func TestPipeline_BeginLeavesTheTransactionToTheCaller(t *testing.T) {
	t.Parallel()
	pool, q := testsupport.Database(t), queries.New()
	p := queries.NewPipeline(pool)
	p.Begin(pgx.TxOptions{})
	require.Nil(t, p.Tx())
	require.NoError(t, q.CollectorRevisionsEnsure(t.Context(), p, []string{"ada"}))
	require.NoError(t, p.Run(t.Context()))
	require.NoError(t, p.Tx().Rollback(t.Context()))
	require.Zero(t, count(t, pool))
}

func TestPipeline_TellsAnEarlierErrorToLaterResults(t *testing.T) {
	t.Parallel()
	pool, q := testsupport.Database(t), queries.New()
	p := queries.NewPipeline(pool)
	_, err := p.Exec(t.Context(), "SELECT 1 / 0")
	require.NoError(t, err)
	q.CollectorRevisionRead(t.Context(), p, []string{"ada"}).QueryRow(func(_ int, _ queries.CollectorRevisionReadRow, err error) {
		require.ErrorContains(t, err, "division by zero")
	})
	require.Error(t, p.Run(t.Context()))
	require.Zero(t, pool.Stat().AcquiredConns())
}

func TestPipeline_CannotWait(t *testing.T) {
	t.Parallel()
	p := queries.NewPipeline(testsupport.Database(t))
	_, err := p.Query(t.Context(), "SELECT 1")
	require.Error(t, err)
	require.Error(t, p.QueryRow(t.Context(), "SELECT 1").Scan())
}

func count(t *testing.T, db queries.DBTX) (n int) {
	t.Helper()
	require.NoError(t, db.QueryRow(t.Context(), "SELECT count(*) FROM collector_revisions").Scan(&n))
	return n
}
