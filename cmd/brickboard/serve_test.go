package main

import (
	"fmt"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/brickboard/brickboard/internal/messaging"
	"github.com/brickboard/brickboard/internal/testsupport"
)

func TestServe_DemoCollectionOnce(t *testing.T) {
	t.Parallel()
	dir := dataDir(t)
	earlier := ""
	for range 2 {
		p := startServer(t, "--demo", "--data-dir", dir, "--jwt-secret", "") // it makes one, and keeps it
		c := client{t: t, base: "http://" + p.addr, token: earlier}
		if earlier != "" {
			require.Equal(t, http.StatusOK, c.do("GET", "/api/session", nil, nil), "signed before the restart")
		}
		var session struct{ Token, UserID string }
		require.Equal(t, http.StatusOK, c.do("POST", "/api/demo/session", nil, &session))
		require.Equal(t, "demo", session.UserID)
		token, failures, status := runOnce(t, "token", "--user", "demo", "--data-dir", dir)
		require.Zero(t, status, failures)
		c.token, earlier = strings.TrimSpace(token), session.Token
		d := c.eventually(t, func(d dashboard) bool { return d.Summary.TotalMocs > 0 })
		require.Equal(t, 60, d.Summary.TotalMocs)
		require.Equal(t, 12, d.Summary.TotalWishlistItems)
		require.Len(t, d.ThemeBreakdown, 17)
		require.Len(t, d.RecentMocs, 10)
		require.Len(t, d.PartialPartsMocs, d.Summary.MocsByCoverageStatus["PARTIAL_ORDERED"])
		require.NoError(t, p.cmd.Process.Signal(syscall.SIGTERM))
		p.wait(t)
		require.Zero(t, p.cmd.ProcessState.ExitCode(), p.log.String())
		require.Contains(t, p.log.String(), "embedded postgresql stopped")
	}
}

// A server is killed in the middle of a load: what was acknowledged is there after the restart, and is projected.
func TestServe_KilledUnderLoad(t *testing.T) {
	t.Parallel()
	dir := dataDir(t)
	p := startServer(t, "--data-dir", dir)
	ada := p.as(t, "ada")
	var (
		clients      sync.WaitGroup
		acknowledged atomic.Int64
		attempted    atomic.Int64
	)
	for n := range 4 {
		clients.Go(func() {
			for i := 0; ; i++ {
				attempted.Add(1)
				moc := map[string]any{"title": fmt.Sprintf("MOC %d of %d", i, n), "theme": fmt.Sprint("Theme ", i%3)}
				if ada.do("POST", "/api/mocs", moc, nil) != http.StatusCreated {
					return
				}
				acknowledged.Add(1)
			}
		})
	}
	require.Eventually(t, func() bool { return acknowledged.Load() > 200 }, patience, time.Millisecond)
	p.kill(t)
	clients.Wait()

	p = startServer(t, "--data-dir", dir)
	ada = p.as(t, "ada")
	stored := ada.count(t, "/api/mocs")
	require.GreaterOrEqual(t, stored, int(acknowledged.Load()))
	require.LessOrEqual(t, stored, int(attempted.Load()))
	d := ada.eventually(t, func(d dashboard) bool { return d.Summary.TotalMocs == stored })
	byTheme := 0
	for _, theme := range d.ThemeBreakdown {
		byTheme += theme.MocCount
	}
	require.Equal(t, stored, byTheme)
}

// count follows a list to its end.
func (c client) count(t *testing.T, path string) (n int) {
	t.Helper()
	cursor := ""
	for {
		var page struct {
			Items      []struct{ ID string }
			NextCursor *string
		}
		require.Equal(t, http.StatusOK, c.do("GET", path+"?limit=200"+cursor, nil, &page))
		n += len(page.Items)
		if page.NextCursor == nil {
			return n
		}
		cursor = "&cursor=" + *page.NextCursor
	}
}

func TestServe_ServersShareADatabase(t *testing.T) {
	t.Parallel()
	url := testsupport.DatabaseURL(t)
	writing := startServer(t, "--database-url", url, "--no-projections", "--poll-interval", "1h")
	ada := writing.as(t, "ada")
	require.Equal(t, http.StatusCreated, ada.do("POST", "/api/mocs", map[string]any{"title": "Keep", "theme": "Castle"}, nil))
	var d dashboard
	require.Equal(t, http.StatusOK, ada.do("GET", "/api/dashboard", nil, &d))
	require.Zero(t, d.Summary.TotalMocs, "nobody projects yet")

	projecting := startServer(t, "--database-url", url, "--poll-interval", "1h", "--no-http", "--listen", writing.addr) // taken, and not needed
	require.Empty(t, projecting.addr)
	ada.eventually(t, func(d dashboard) bool { return d.Summary.TotalMocs == 1 })
	require.Equal(t, http.StatusCreated, ada.do("POST", "/api/mocs", map[string]any{"title": "Tower", "theme": "Castle"}, nil))
	ada.eventually(t, func(d dashboard) bool { return d.Summary.TotalMocs == 2 }) // woken, for nobody polls
	projecting.eventuallyReady(t, http.StatusOK, "")
	require.Positive(t, projecting.scrape(t).events("applied", messaging.TopicFor("ada")))
}

func TestServe_TakenPort(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer taken.Close()
	for _, flag := range []string{"--listen", "--admin-listen"} {
		args := map[string]string{"--listen": "127.0.0.1:0", "--admin-listen": "127.0.0.1:0", flag: taken.Addr().String()}
		_, stderr, status := runOnce(t, "serve", "--database-url", testsupport.DatabaseURL(t), "--jwt-secret", secretForTests,
			"--listen", args["--listen"], "--admin-listen", args["--admin-listen"])
		require.Equal(t, 1, status)
		require.Contains(t, stderr, taken.Addr().String()+" is taken by another program")
		require.Contains(t, stderr, flag)
		require.NotContains(t, stderr, "use of closed network connection")
	}
}

func TestServe_AdminListener(t *testing.T) {
	t.Parallel()
	p := startServer(t, "--database-url", testsupport.DatabaseURL(t))
	admin := client{t: t, base: "http://" + p.admin}
	for _, path := range []string{"/livez", "/readyz", "/metrics", "/debug/pprof/cmdline"} {
		require.Equal(t, http.StatusOK, admin.do("GET", path, nil, nil), path)
	}
	public := client{t: t, base: "http://" + p.addr}
	require.Equal(t, http.StatusOK, public.do("GET", "/readyz", nil, nil))
	require.Equal(t, http.StatusNotFound, public.do("GET", "/metrics", nil, nil))
}

func TestServe_WithoutAKeyForTokens(t *testing.T) {
	t.Parallel()
	dir := keptSecret(t)
	_, stderr, status := runOnce(t, "serve", "--data-dir", dir, "--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0", "--allowed-origins", "*")
	require.Equal(t, 2, status)
	require.Contains(t, stderr, "BRICKBOARD_JWT_SECRET")
	require.Contains(t, stderr, "--demo")
	require.Contains(t, stderr, "wildcard")
	require.NoFileExists(t, filepath.Join(dir, "postgres.gate"), "no database was started")
}

// Two servers of two data folders side by side, one of them started in a folder whose path is too long for a socket.
func TestServe_SideBySide(t *testing.T) {
	t.Parallel()
	long := filepath.Join(dataDir(t), "a-folder-with-a-name-that-is-rather-long-so-that-a-socket-does-not-fit", "another-one-below-it", "data")
	first, second := startServer(t, "--data-dir", dataDir(t)), startServer(t, "--data-dir", long)
	require.Equal(t, http.StatusCreated, first.as(t, "ada").do("POST", "/api/mocs", map[string]any{"title": "Keep", "theme": "Castle"}, nil))
	require.Equal(t, 1, first.as(t, "ada").count(t, "/api/mocs"))
	require.Zero(t, second.as(t, "ada").count(t, "/api/mocs"))
}
