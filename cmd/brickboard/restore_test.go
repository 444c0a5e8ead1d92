package main

import (
	"bytes"
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/brickboard/brickboard/internal/embeddedpg"
	"github.com/brickboard/brickboard/internal/testsupport"
	"github.com/brickboard/brickboard/migrations"
)

func openPool(t *testing.T, url string) *pgxpool.Pool {
	t.Helper()
	pool, err := pgxpool.New(t.Context(), url)
	require.NoError(t, err)
	t.Cleanup(pool.Close)
	return pool
}

// cluster starts an embedded PostgreSQL of the test's own.
func cluster(t *testing.T, dir string) *embeddedpg.Server {
	t.Helper()
	server, err := embeddedpg.Start(t.Context(), embeddedpg.Config{DataDir: dir, Volatile: true, Log: testsupport.Logger(t)})
	require.NoError(t, err)
	t.Cleanup(func() { _ = server.Close() })
	return server
}

// copyTables copies the data of every table, as a dump and its restore do.
func copyTables(t *testing.T, from, to *pgx.Conn) {
	t.Helper()
	rows, err := from.Query(t.Context(), "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
	require.NoError(t, err)
	tables, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	for _, table := range tables {
		var data bytes.Buffer
		_, err := from.PgConn().CopyTo(t.Context(), &data, "COPY "+table+" TO STDOUT")
		require.NoError(t, err)
		execute(t, to, "TRUNCATE "+table)
		_, err = to.PgConn().CopyFrom(t.Context(), &data, "COPY "+table+" FROM STDIN")
		require.NoError(t, err)
	}
}

// A copy in another cluster, where transaction ids start again, made while some events are not projected.
func TestRestore_AnotherCluster(t *testing.T) {
	t.Parallel()
	oldURL := testsupport.DatabaseURL(t)
	old := connect(t, oldURL)
	p := startServer(t, "--database-url", oldURL)
	p.as(t, "ada").addMOC(t, "Keep")
	p.as(t, "ada").eventually(t, func(d dashboard) bool { return d.Summary.TotalMocs == 1 })
	p.kill(t)
	addTo(t, writer(t, oldURL), "ada", 2)
	addTo(t, writer(t, oldURL), "bob", 1)
	epoch := scan[string](t, old, "SELECT epoch::text FROM epoch")

	server := cluster(t, dataDir(t))
	require.NoError(t, migrations.Up(t.Context(), server.URL()))
	restored := connect(t, server.URL())
	copyTables(t, old, restored)
	require.Less(t, scan[int](t, restored, "SELECT txid_current()"), scan[int](t, old, "SELECT txid_current()"), "ids start again")
	addTo(t, writer(t, server.URL()), "ada", 1) // by a program that did not notice

	p = startServer(t, "--database-url", server.URL())
	require.Contains(t, p.log.String(), "this is another database than before")
	p.as(t, "ada").eventually(t, func(d dashboard) bool { return d.Summary.TotalMocs == 4 })
	p.as(t, "bob").eventually(t, func(d dashboard) bool { return d.Summary.TotalMocs == 1 })
	p.as(t, "bob").addMOC(t, "Gate")
	p.as(t, "bob").eventually(t, func(d dashboard) bool { return d.Summary.TotalMocs == 2 })
	require.NotEqual(t, epoch, scan[string](t, restored, "SELECT epoch::text FROM epoch"))
	require.Contains(t, tool(t, server.URL(), 0, "rebuild-projections", "--verify"), "0 rows drifted, 0 are pending")
}

// A copy of the database in the same cluster is mended by whoever looks first, once.
func TestRestore_AnotherDatabase(t *testing.T) {
	t.Parallel()
	url := testsupport.DatabaseURL(t) // made of a template, so it is a copy itself
	require.Contains(t, tool(t, url, 0, "doctor"), "was another one than before")
	conn := connect(t, url)
	epoch := scan[string](t, conn, "SELECT epoch::text FROM epoch")
	require.Contains(t, tool(t, url, 0, "doctor"), "is the one that was projected in")
	require.Equal(t, epoch, scan[string](t, conn, "SELECT epoch::text FROM epoch"))

	// A replica that was promoted has another timeline; here the kept one is another.
	execute(t, conn, "UPDATE database_identity SET timeline = '00000000'")
	tool(t, url, 0, "rebuild-projections")
	require.NotEqual(t, epoch, scan[string](t, conn, "SELECT epoch::text FROM epoch"))
}

// A running server notices when it has to connect again.
func TestRestore_NoticedAfterAReconnection(t *testing.T) {
	t.Parallel()
	url := testsupport.DatabaseURL(t)
	p := startServer(t, "--database-url", url)
	ada := p.as(t, "ada")
	ada.addMOC(t, "Keep")
	ada.eventually(t, func(d dashboard) bool { return d.Summary.TotalMocs == 1 })
	conn := connect(t, url)
	epoch := scan[string](t, conn, "SELECT epoch::text FROM epoch")
	execute(t, conn, "UPDATE database_identity SET timeline = '00000000'")
	execute(t, conn, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
	require.Eventually(t, func() bool {
		ada.do("GET", "/api/dashboard", nil, nil)
		return scan[string](t, conn, "SELECT epoch::text FROM epoch") != epoch
	}, patience, 10*time.Millisecond)
	require.Eventually(t, func() bool { // connections that were cut have to be found out
		return ada.do("POST", "/api/mocs", map[string]any{"title": "Tower", "theme": "Castle"}, nil) == http.StatusCreated
	}, patience, 10*time.Millisecond)
	ada.eventually(t, func(d dashboard) bool { return d.Summary.TotalMocs == ada.count(t, "/api/mocs") })
}

// PostgreSQL dies and comes back while commands come in: what was answered is there and projected.
func TestServe_PostgreSQLRestartedUnderLoad(t *testing.T) {
	t.Parallel()
	dir := dataDir(t)
	server := cluster(t, dir)
	p := startServer(t, "--database-url", server.URL())
	ada := p.as(t, "ada")
	acknowledged := 0
	load := func(n int) {
		for range n {
			if ada.do("POST", "/api/mocs", map[string]any{"title": "Keep", "theme": "Castle"}, nil) == http.StatusCreated {
				acknowledged++
			}
		}
	}
	load(50)
	restarted := make(chan *embeddedpg.Server, 1)
	go func() {
		defer close(restarted)
		if server.Close() != nil { // the last user stops it, cutting connections
			return
		}
		again, err := embeddedpg.Start(context.Background(), embeddedpg.Config{DataDir: dir, Volatile: true})
		if err == nil {
			restarted <- again
		}
	}()
	var again *embeddedpg.Server
	for again == nil {
		load(1)
		select {
		case s, ok := <-restarted:
			require.True(t, ok, "PostgreSQL does not start again")
			again = s
		default:
		}
	}
	t.Cleanup(func() { _ = again.Close() })
	require.Eventually(t, func() bool { load(1); return acknowledged > 80 }, patience, time.Millisecond)
	stored := ada.count(t, "/api/mocs")
	require.GreaterOrEqual(t, stored, acknowledged)
	ada.eventually(t, func(d dashboard) bool { return d.Summary.TotalMocs == stored })
	p.eventuallyReady(t, http.StatusOK, "")
	require.Contains(t, tool(t, again.URL(), 0, "rebuild-projections", "--verify"), "0 rows drifted, 0 are pending")
}
