package main

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/brickboard/brickboard/internal/testsupport"
)

func TestMigrate(t *testing.T) {
	t.Parallel()
	url := testsupport.DatabaseURL(t)
	out, stderr, status := runOnce(t, "migrate", "status", "--database-url", url)
	require.Zero(t, status, stderr)
	require.NotContains(t, out, "pending")
	_, stderr, status = runOnce(t, "migrate", "down", "--database-url", url)
	require.Zero(t, status, stderr)
	out, _, _ = runOnce(t, "migrate", "status", "--database-url", url)
	require.Contains(t, out, "pending")
	for _, args := range readingCommands() {
		_, stderr, status := runOnce(t, append(args, "--database-url", url)...)
		require.Equal(t, 1, status, args)
		require.Contains(t, stderr, "brickboard migrate up")
	}
	after, _, _ := runOnce(t, "migrate", "status", "--database-url", url)
	require.Equal(t, out, after)
	_, stderr, status = runOnce(t, "migrate", "up", "--database-url", url)
	require.Zero(t, status, stderr)
}

func TestServe_RefusesANewerSchema(t *testing.T) {
	t.Parallel()
	pool := testsupport.Database(t)
	_, err := pool.Exec(t.Context(), "INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, true)")
	require.NoError(t, err)
	for _, args := range append(readingCommands(), []string{"serve", "--jwt-secret", secretForTests}) {
		_, stderr, status := runOnce(t, append(args, "--database-url", pool.Config().ConnString())...)
		require.Equal(t, 1, status)
		require.Contains(t, stderr, "schema version 9999")
	}
	out, _, status := runOnce(t, "doctor", "--database-url", pool.Config().ConnString())
	require.Equal(t, 1, status)
	require.Contains(t, out, "schema version 9999")
	require.NotContains(t, out, " : ", "no check without a name")
}

// readingCommands are those that take the schema as it is.
func readingCommands() [][]string {
	return [][]string{{"rebuild-projections", "--verify"}, {"dead-letters", "list"}, {"dead-letters", "show", "absent"}}
}
