package main

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/brickboard/brickboard/internal/testsupport"
)

// A rebuild is killed at twenty points or more, until it was in the middle once: after each, every collector's read model is whole, the old or the new one; in
// the end a rebuild that is let finish makes all of it right.
func TestRebuild_KilledAtAnyPoint(t *testing.T) {
	t.Parallel()
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	url := testsupport.DatabaseURL(t)
	conn := connect(t, url)
	execute(t, conn, loadOfMOCs, 40)
	began := time.Now()
	tool(t, url, 0, "rebuild-projections")
	took := time.Since(began)

	partly, kills := 0, 0
	for ; kills < 20 || partly == 0; kills++ {
		require.Less(t, kills, 200, "none was in the middle")
		execute(t, conn, noReadModel)
		cmd := programWith(t, "rebuild-projections", "--database-url", url)
		require.NoError(t, cmd.Start())
		<-time.After(time.Duration(random.Int64N(int64(took))))
		require.NoError(t, cmd.Process.Kill())
		_ = cmd.Wait()
		execute(t, conn, "SELECT FROM collector_revisions FOR UPDATE") // when the server has noticed, the killed one's transactions are over
		require.Empty(t, scan[[]string](t, conn, halfBuilt))
		if n := scan[int](t, conn, "SELECT count(*) FROM dashboard_summary"); n > 0 && n < 40 {
			partly++
		}
	}
	t.Logf("%d of %d were killed in the middle", partly, kills)
	tool(t, url, 0, "rebuild-projections")
	require.Contains(t, tool(t, url, 0, "rebuild-projections", "--verify"), "40 collectors: 0 rows drifted")
}

// loadOfMOCs gives each of so many collectors 500 MOCs.
const loadOfMOCs = `
INSERT INTO mocs SELECT 'collector-' || i % $1::int, gen_random_uuid(), 'Keep', 'T' || i % 7, 'ADDED', NULL, 4, i / $1 % 5, 0, 1, now(), now()
FROM generate_series(1, 500 * $1) i`

const noReadModel = `TRUNCATE projected_mocs, dashboard_summary, theme_stats, recent_mocs, partial_parts`

// halfBuilt are collectors of which there is something, but not all that follows from the write model.
const halfBuilt = `
SELECT coalesce(array_agg(user_id), '{}') FROM (SELECT DISTINCT user_id FROM mocs) u
WHERE (SELECT count(*) FROM projected_mocs p WHERE p.user_id = u.user_id) <> 0 AND (
	(SELECT count(*) FROM projected_mocs p WHERE p.user_id = u.user_id) <> (SELECT count(*) FROM mocs m WHERE m.user_id = u.user_id)
	OR NOT EXISTS (SELECT FROM dashboard_summary s WHERE s.user_id = u.user_id AND s.total_mocs = 500)
	OR (SELECT sum(moc_count) FROM theme_stats t WHERE t.user_id = u.user_id) <> 500
	OR (SELECT count(*) FROM recent_mocs r WHERE r.user_id = u.user_id) <> 10
	OR (SELECT count(*) FROM partial_parts r WHERE r.user_id = u.user_id)
		<> (SELECT count(*) FROM mocs m WHERE m.user_id = u.user_id AND parts_owned BETWEEN 1 AND 3))`
