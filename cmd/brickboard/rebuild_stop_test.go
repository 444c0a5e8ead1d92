package main

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/brickboard/brickboard/internal/testsupport"
)

// Ctrl-C in the middle of a rebuild ends it, which says how far it came; run again it does the rest.
func TestRebuild_InterruptedAndRunAgain(t *testing.T) {
	t.Parallel()
	url := testsupport.DatabaseURL(t)
	conn, foreign := connect(t, url), connect(t, url)
	execute(t, conn, loadOfMOCs, 4)
	rows := rebuildInJSON(t, url, 0, 4)
	execute(t, conn, noReadModel)
	execute(t, foreign, "BEGIN; SELECT FROM collector_revisions WHERE user_id = 'collector-1' FOR UPDATE")

	cmd := programWith(t, "rebuild-projections", "--database-url", url)
	var failures strings.Builder
	cmd.Stderr = &failures
	require.NoError(t, cmd.Start())
	require.Eventually(t, func() bool {
		return scan[int](t, conn, "SELECT count(*) FROM dashboard_summary") == 3
	}, patience, 10*time.Millisecond)
	require.NoError(t, cmd.Process.Signal(os.Interrupt))
	_ = cmd.Wait()
	require.Equal(t, 1, cmd.ProcessState.ExitCode(), failures.String())
	require.Contains(t, failures.String(), "(0 collectors were right, 3 are mended; run it again for the rest)")
	require.Empty(t, scan[[]string](t, conn, halfBuilt))
	require.Zero(t, scan[int](t, conn, "SELECT count(*) FROM projected_mocs WHERE user_id = 'collector-1'"))

	execute(t, foreign, "ROLLBACK")
	require.Equal(t, rows/4, rebuildInJSON(t, url, 3, 1))
	require.Contains(t, tool(t, url, 0, "rebuild-projections", "--verify"), "4 collectors: 0 rows drifted")
}

// rebuildInJSON rebuilds, holds the result to be so, and returns how many rows differed.
func rebuildInJSON(t *testing.T, url string, right, mended int) (rows int) {
	t.Helper()
	began := time.Now()
	var result struct {
		Right, Mended, Rows int
		Seconds             float64
	}
	decoder := json.NewDecoder(strings.NewReader(tool(t, url, 0, "rebuild-projections", "--json")))
	decoder.DisallowUnknownFields()
	require.NoError(t, decoder.Decode(&result))
	require.Equal(t, [2]int{right, mended}, [2]int{result.Right, result.Mended})
	require.Positive(t, result.Seconds)
	require.Less(t, result.Seconds, time.Since(began).Seconds())
	return result.Rows
}
