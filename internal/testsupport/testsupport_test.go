package testsupport

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/brickboard/brickboard/internal/embeddedpg"
)

func TestMain(m *testing.M) { Main(m) }

const countMOCs = "SELECT count(*) FROM mocs"

func count(t *testing.T, db interface {
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}, sql string, args ...any) (n int) {
	t.Helper()
	require.NoError(t, db.QueryRow(t.Context(), sql, args...).Scan(&n))
	return n
}

func TestDatabase_OwnMigratedAndDropped(t *testing.T) {
	t.Parallel()
	var names []string
	t.Run("InUse", func(t *testing.T) {
		for range 2 {
			pool := Database(t)
			require.Zero(t, count(t, pool, countMOCs))
			_, err := pool.Exec(t.Context(), "CREATE TABLE mine ()") // fails in a database that is not the test's own
			require.NoError(t, err)
			names = append(names, pool.Config().ConnConfig.Database)
		}
	})
	require.Len(t, names, 2)
	admin := shared.join(t).admin
	require.Zero(t, count(t, admin, "SELECT count(*) FROM pg_database WHERE datname = ANY($1)", names))
}

func TestDatabaseURL_DroppedInUse(t *testing.T) {
	t.Parallel()
	t.Run("InUse", func(t *testing.T) {
		conn, err := pgx.Connect(t.Context(), DatabaseURL(t))
		require.NoError(t, err)
		require.NoError(t, conn.Ping(t.Context()))
	})
}

func TestTx_RolledBack(t *testing.T) {
	t.Parallel()
	t.Run("Changed", func(t *testing.T) {
		tx := Tx(t)
		require.Zero(t, count(t, tx, countMOCs))
		_, err := tx.Exec(t.Context(), "CREATE TABLE never ()")
		require.NoError(t, err)
	})
	t.Run("Committed", func(t *testing.T) { require.NoError(t, Tx(t).Commit(t.Context())) })
	require.Equal(t, 1, count(t, Tx(t), "SELECT CASE WHEN to_regclass('never') IS NULL THEN 1 END"))
}

// fresh is a server without any template.
func fresh(t *testing.T) *embeddedpg.Server {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, os.Chmod(filepath.Dir(dir), 0o755)) // PostgreSQL's user reaches it
	server, err := embeddedpg.Start(t.Context(), embeddedpg.Config{DataDir: dir, Volatile: true})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, server.Close()) })
	return server
}

func sessionOf(t *testing.T, server *embeddedpg.Server, run, template string) *session {
	t.Helper()
	locks, err := pgx.Connect(t.Context(), server.URL())
	require.NoError(t, err)
	admin, err := pgxpool.New(t.Context(), server.URL())
	require.NoError(t, err)
	t.Cleanup(func() {
		admin.Close()
		require.NoError(t, locks.Close(context.WithoutCancel(t.Context())))
	})
	return &session{server: server, locks: locks, admin: admin, run: run, template: template}
}

func databases(t *testing.T, s *session) string {
	t.Helper()
	var names string
	require.NoError(t, s.admin.QueryRow(t.Context(), `SELECT coalesce(string_agg(datname, ' ' ORDER BY datname), '')
		FROM pg_database WHERE datname ~ '_'`).Scan(&names))
	return names
}

func TestSession_Prepare(t *testing.T) {
	t.Parallel()
	server := fresh(t)
	var migrated atomic.Int32
	migrate := func(context.Context, string) error {
		migrated.Add(1)
		return nil
	}

	first, second := sessionOf(t, server, "run_a", "template_1"), sessionOf(t, server, "run_b", "template_1")
	var both errgroup.Group
	for _, s := range []*session{first, second} {
		both.Go(func() error { return s.prepare(t.Context(), migrate) })
	}
	require.NoError(t, both.Wait())
	require.EqualValues(t, 1, migrated.Load())
	for _, s := range []*session{first, second} {
		_, err := s.create(t.Context())
		require.NoError(t, err)
	}
	require.Equal(t, "run_a_1 run_b_1 template_1", databases(t, first))

	// The first dies, and so does one that has begun to make the template of other migrations.
	require.NoError(t, first.locks.Close(t.Context()))
	broken := errors.New("broken migration")
	third := sessionOf(t, server, "run_c", "template_2")
	require.ErrorIs(t, third.prepare(t.Context(), func(context.Context, string) error { return broken }), broken)
	require.Contains(t, databases(t, first), "half_2")
	require.NoError(t, third.locks.Close(t.Context()))

	fourth := sessionOf(t, server, "run_d", "template_2")
	require.Eventually(t, func() bool { // the server takes a moment to notice that the holders of locks are gone
		return fourth.prepare(t.Context(), migrate) == nil && databases(t, fourth) == "run_b_1 template_1 template_2"
	}, patience, time.Millisecond)
}

func TestTemplateName_FollowsTheFiles(t *testing.T) {
	t.Parallel()
	name := func(files map[string]string) string {
		folder := fstest.MapFS{}
		for path, text := range files {
			folder[path] = &fstest.MapFile{Data: []byte(text)}
		}
		name, err := templateName(folder)
		require.NoError(t, err)
		return name
	}
	first := name(map[string]string{"1.sql": "a"})
	require.Regexp(t, "^template_[0-9a-f]{16}$", first)
	require.Equal(t, first, name(map[string]string{"1.sql": "a"}))
	require.NotEqual(t, first, name(map[string]string{"1.sql": "b"}))
	require.NotEqual(t, first, name(map[string]string{"2.sql": "a"}))
}

func TestLogger_AfterTheTest(t *testing.T) {
	t.Parallel()
	log := Logger(t)
	log.Info("during the test")
	t.Run("Ended", func(t *testing.T) { log = Logger(t) })
	log.Info("after the test") // panics where it is not dropped
}

func BenchmarkDatabase(b *testing.B) {
	for b.Loop() {
		s := shared.join(b)
		name, err := s.create(b.Context())
		require.NoError(b, err)
		require.NoError(b, s.drop(b.Context(), name))
	}
}
