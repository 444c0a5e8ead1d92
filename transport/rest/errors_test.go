package rest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/puddle/v2"
	"github.com/stretchr/testify/require"

	"github.com/brickboard/brickboard/domain"
	"github.com/brickboard/brickboard/internal/testsupport"
)

func TestProblemOf_KindsAndCauses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		err    error
		status int
	}{
		{&domain.Error{Kind: domain.Invalid}, 400},
		{domain.ErrMOCNotFound, 404},
		{domain.ErrKeyReused, 409},
		{domain.ErrVersionMismatch, 412},
		{&domain.Error{Kind: domain.Forbidden}, 403},
		{&domain.Error{Kind: domain.Unavailable}, 503},
		{&domain.Error{}, 500},
		{errors.New("anything else"), 500},
		{&pgconn.PgError{Code: "23514"}, 500},
		{&pgconn.PgError{}, 500},
		{&pgconn.PgError{Code: "57P01"}, 503},
		{&pgconn.PgError{Code: "57P02"}, 503},
		{&pgconn.PgError{Code: "57P03"}, 503},
		{&pgconn.PgError{Code: "53300"}, 503},
		{&pgconn.PgError{Code: "08006"}, 503},
		{&pgconn.ConnectError{}, 503},
		{&net.OpError{Op: "read", Err: errors.New("reset")}, 503},
		{puddle.ErrClosedPool, 503},
		{context.DeadlineExceeded, 503},
	} {
		require.Equal(t, c.status, problemOf(fmt.Errorf("a step: %w", c.err)).Status, "%v", c.err)
	}
}

func TestErrors_InternalShowsNothing(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.exec(t, "ALTER TABLE mocs RENAME TO mocs_gone")
	a := b.post(t, "alice", "/api/mocs", mocBody).requireStatus(t, 500)
	p := a.problem(t)
	require.Equal(t, "internal error", p.Detail)
	for _, trace := range []string{"mocs_gone", "relation", "42P01", "SQL", "insert", ".go", "write row"} {
		require.NotContains(t, string(a.Body), trace)
	}
	lines := b.log.at(slog.LevelError)
	require.Len(t, lines, 1, "logged once")
	require.Contains(t, lines[0], "42P01")
	require.Contains(t, lines[0], p.RequestID)
}

func TestErrors_InTheMiddleOfAnAnswer(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.exec(t, "ALTER TABLE theme_stats RENAME TO gone") // the state can be read, the view cannot
	a := b.get(t, "alice", "/api/dashboard").requireStatus(t, 500)
	require.Empty(t, a.Header.Get("ETag"))
	require.Empty(t, a.Header.Get("Vary"))
}

func TestErrors_PanicIsInternal(t *testing.T) {
	t.Parallel()
	b := setup(t, func(d *Deps) {
		d.Pages = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/begun" {
				_, _ = w.Write([]byte("half of"))
				w.(http.Flusher).Flush()
			}
			panic("secret of /page")
		})
	})
	response, err := http.Get(b.server.URL + "/page")
	require.NoError(t, err)
	defer response.Body.Close()
	require.Equal(t, http.StatusInternalServerError, response.StatusCode)
	a := &answer{Status: 500, Header: response.Header}
	a.Body = readAll(t, response.Body)
	holdProblem(t, spec(t), a)
	require.NotContains(t, string(a.Body), "secret")
	lines := b.log.at(slog.LevelError)
	require.Len(t, lines, 1)
	require.Contains(t, lines[0], "secret of /page")
	require.Contains(t, lines[0], "errors_test.go", "with the stack")

	begun, err := http.Get(b.server.URL + "/begun")
	require.NoError(t, err)
	defer begun.Body.Close()
	_, err = io.ReadAll(begun.Body)
	require.ErrorIs(t, err, io.ErrUnexpectedEOF, "half an answer must not look whole")
}

func TestRouter_WhereNothingIs(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, path := range []string{"/", "/dashboard", "/api", "/api/", "/api/nothing", "/api/mocs/", "/api/dashboard/", "//api/mocs", "/API/mocs", "/metrics"} {
		b.get(t, "alice", path).requireStatus(t, 404)
	}
	a := b.post(t, "alice", "/api/dashboard", "").requireStatus(t, 405)
	require.ElementsMatch(t, []string{"GET", "HEAD"}, strings.Split(a.Header.Get("Allow"), ", "))
	a = b.send(t, request{method: "PUT", path: "/api/mocs/1"}).requireStatus(t, 405)
	require.ElementsMatch(t, []string{"GET", "HEAD", "PATCH", "DELETE"}, strings.Split(a.Header.Get("Allow"), ", "))
	b.send(t, request{method: "BREW", path: "/api/mocs"}).requireStatus(t, 405)
}

func TestRouter_Pages(t *testing.T) {
	t.Parallel()
	b := setup(t, func(d *Deps) {
		d.Pages = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = w.Write([]byte("page " + r.URL.Path)) })
	})
	response, err := http.Get(b.server.URL + "/dashboard")
	require.NoError(t, err)
	defer response.Body.Close()
	require.Equal(t, http.StatusOK, response.StatusCode)
	require.Equal(t, "page /dashboard", string(readAll(t, response.Body)))
	b.get(t, "", "/api/nothing").requireStatus(t, 404)
}

func TestRouter_Head(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, path := range []string{"/api/dashboard", "/livez", "/api/openapi.yaml"} {
		got := b.get(t, "alice", path)
		head := b.send(t, request{method: http.MethodHead, path: path, as: "alice"}).requireStatus(t, 200)
		require.Empty(t, head.Body)
		require.Equal(t, got.Header.Get("Content-Length"), head.Header.Get("Content-Length"))
		require.Equal(t, got.Header.Get("ETag"), head.Header.Get("ETag"))
	}
	b.send(t, request{method: http.MethodHead, path: "/api/dashboard"}).requireStatus(t, 401)
}

// gate lets connections to the database through, or cuts them and refuses new ones.
type gate struct {
	mu    sync.Mutex
	shut  bool
	conns []net.Conn
}

func (g *gate) dial(ctx context.Context, network, address string) (net.Conn, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.shut {
		return nil, &net.OpError{Op: "dial", Net: network, Err: errors.New("connection refused")}
	}
	conn, err := (&net.Dialer{}).DialContext(ctx, network, address)
	g.conns = append(g.conns, conn)
	return conn, err
}

func (g *gate) turn(shut bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.shut = shut
	for _, conn := range g.conns {
		_ = conn.Close()
	}
	g.conns = nil
}

func TestErrors_DatabaseAwayAndBack(t *testing.T) {
	t.Parallel()
	config, err := pgxpool.ParseConfig(testsupport.DatabaseURL(t))
	require.NoError(t, err)
	var g gate
	config.ConnConfig.DialFunc = g.dial
	pool, err := pgxpool.NewWithConfig(t.Context(), config)
	require.NoError(t, err)
	t.Cleanup(pool.Close)
	b := serve(t, pool)
	all := func() []*answer {
		return []*answer{
			b.get(t, "alice", "/api/dashboard"), b.get(t, "alice", "/api/mocs"),
			b.post(t, "alice", "/api/mocs", mocBody), b.post(t, "alice", "/api/mocs", mocBody, "Idempotency-Key", "k"),
		}
	}
	for i, a := range all() {
		a.requireStatus(t, []int{200, 200, 201, 201}[i])
	}
	for range 2 { // connections that broke, then none to be had
		g.turn(true)
		for _, a := range all() {
			a.requireStatus(t, 503)
			require.Equal(t, "this cannot be done now: try again", a.problem(t).Detail)
		}
	}
	require.Empty(t, b.log.at(slog.LevelError))
	g.turn(false)
	for i, a := range all() {
		a.requireStatus(t, []int{200, 200, 201, 201}[i])
	}
	require.Equal(t, 3, b.count(t, "SELECT count(*) FROM mocs"))
}

func TestErrors_PoolExhausted(t *testing.T) {
	t.Parallel()
	config, err := pgxpool.ParseConfig(testsupport.DatabaseURL(t))
	require.NoError(t, err)
	config.MaxConns = 1
	pool, err := pgxpool.NewWithConfig(t.Context(), config)
	require.NoError(t, err)
	t.Cleanup(pool.Close)
	b := serve(t, pool, func(d *Deps) { d.RequestTimeout = 50 * time.Millisecond })
	held, err := pool.Acquire(t.Context())
	require.NoError(t, err)
	a := b.get(t, "alice", "/api/dashboard").requireStatus(t, 503)
	require.Equal(t, "1", a.Header.Get("Retry-After"))
	held.Release()
	require.Eventually(t, func() bool { return b.get(t, "alice", "/api/dashboard").Status == 200 }, 10*time.Second, time.Millisecond)
}

func TestErrors_LockedTooLong(t *testing.T) {
	t.Parallel()
	b := setup(t, func(d *Deps) { d.RequestTimeout = 100 * time.Millisecond })
	tx, err := b.pool.Begin(t.Context())
	require.NoError(t, err)
	_, err = tx.Exec(t.Context(), "LOCK TABLE mocs")
	require.NoError(t, err)
	b.post(t, "alice", "/api/mocs", mocBody).requireStatus(t, 503)
	require.NoError(t, tx.Rollback(t.Context()))
}

// Who sends too slowly is told so: it is not the service that fails.
func TestErrors_BodyAfterTheTimeLimit(t *testing.T) {
	t.Parallel()
	b := setup(t, func(d *Deps) { d.RequestTimeout = time.Nanosecond })
	b.post(t, "alice", "/api/mocs", mocBody).requireStatus(t, 400)
	require.Empty(t, b.log.at(slog.LevelWarn))
}

func TestErrors_NotReady(t *testing.T) {
	t.Parallel()
	b := setup(t, func(d *Deps) {
		d.Ready = func(context.Context) error { return errors.New("projection collection_0 is dead") }
	})
	a := b.get(t, "", "/readyz").requireStatus(t, 503)
	require.NotContains(t, string(a.Body), "collection_0")
	require.Contains(t, strings.Join(b.log.at(slog.LevelWarn), "\n"), "collection_0")
	b.get(t, "", "/livez").requireStatus(t, 200)
}

func TestErrors_AbandonedByTheClient(t *testing.T) {
	t.Parallel()
	b := setup(t)
	tx, err := b.pool.Begin(t.Context())
	require.NoError(t, err)
	_, err = tx.Exec(t.Context(), "LOCK TABLE mocs")
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, b.server.URL+"/api/mocs", nil)
	require.NoError(t, err)
	r.Header.Set("Authorization", "Bearer "+b.token(t, "alice"))
	done := make(chan error, 1)
	go func() {
		response, err := http.DefaultClient.Do(r)
		if err == nil {
			_ = response.Body.Close()
		}
		done <- err
	}()
	b.waitForLocks(t, 1)
	cancel()
	require.ErrorIs(t, <-done, context.Canceled)
	require.Eventually(t, func() bool {
		return strings.Contains(strings.Join(b.log.at(slog.LevelDebug), "\n"), "request abandoned")
	}, 10*time.Second, time.Millisecond)
	require.NoError(t, tx.Rollback(t.Context()))
	require.Empty(t, b.log.at(slog.LevelWarn))
}

// waitForLocks waits until that many statements of the test's database wait for a lock.
func (b *bundle) waitForLocks(t *testing.T, waiting int) {
	t.Helper()
	require.Eventually(t, func() bool {
		return b.count(t, `SELECT count(*) FROM pg_stat_activity
			WHERE datname = current_database() AND wait_event_type = 'Lock'`) == waiting
	}, 10*time.Second, time.Millisecond)
}
