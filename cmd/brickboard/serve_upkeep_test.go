package main

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/brickboard/brickboard/internal/messaging"
	"github.com/brickboard/brickboard/internal/testsupport"
)

// A running server deletes what has served its time, and nothing else: events that are projected, answers kept for
// idempotency.
func TestServe_KeepsHouse(t *testing.T) {
	t.Parallel()
	url := testsupport.DatabaseURL(t)
	conn := connect(t, url)
	tool(t, url, 0, "doctor") // else the first server takes it for a restored one, and deletes what was projected there
	topic := messaging.TopicFor("ada")
	events := func() int { return scan[int](t, conn, fmt.Sprintf("SELECT count(*) FROM watermill_%s", topic)) }
	keys := func() []string {
		return scan[[]string](t, conn, "SELECT array_agg(key ORDER BY key) FROM idempotency_keys")
	}
	addTo(t, writer(t, url), "ada", 3)
	execute(t, conn, fmt.Sprintf("UPDATE watermill_offsets_%s SET position = pg_current_snapshot()", topic)) // as if projected
	addTo(t, writer(t, url), "ada", 1)
	execute(t, conn, `INSERT INTO idempotency_keys (user_id, key, fingerprint, created_at)
		SELECT 'ada', hours || ' hours', '', now() - make_interval(hours => hours) FROM unnest('{1, 23, 25}'::int[]) hours`)

	p := startServer(t, "--database-url", url, "--no-projections")
	require.Eventually(t, func() bool { return len(keys()) == 2 }, patience, 10*time.Millisecond)
	require.Equal(t, []string{"1 hours", "23 hours"}, keys())
	require.Equal(t, 4, events(), "not a day old")
	require.NotContains(t, p.log.String(), "another database")

	startServer(t, "--database-url", url, "--no-projections", "--retention", "1ms")
	require.Eventually(t, func() bool { return events() < 4 }, patience, 10*time.Millisecond)
	require.Equal(t, 1, events(), "not projected")
}
