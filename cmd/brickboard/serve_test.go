package main

import (
	"fmt"
	"net"
	"net/http"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

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
	require.Eventually(t, func() bool { return acknowledged.Load() > 200 }, patience, 1)
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
	_, stderr, status := runOnce(t, "serve", "--database-url", testsupport.DatabaseURL(t), "--data-dir", dataDir(t), "--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0")
	require.Equal(t, 1, status)
	require.Contains(t, stderr, "BRICKBOARD_JWT_SECRET")
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

func TestRun_Usage(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		args   []string
		env    string
		status int
		says   string
	}{
		"UnknownCommand":  {[]string{"sevre"}, "", 2, "unknown command"},
		"UnknownFlag":     {[]string{"serve", "--lisen", "x"}, "", 2, "unknown flag"},
		"TooManyArgs":     {[]string{"version", "x"}, "", 2, "x"},
		"NoSubcommand":    {[]string{"migrate"}, "", 2, "needs a subcommand"},
		"MissingFlag":     {[]string{"token"}, "", 2, "user"},
		"BadUser":         {[]string{"token", "--user", ""}, "", 2, "255 bytes"},
		"BadEnvironment":  {[]string{"version"}, "BRICKBOARD_POLL_INTERVAL=often", 2, "BRICKBOARD_POLL_INTERVAL"},
		"ShortSecret":     {[]string{"version"}, "BRICKBOARD_JWT_SECRET=short", 2, "at least 32"},
		"UnknownBroker":   {[]string{"version"}, "BRICKBOARD_BROKER=kafka", 2, "postgres"},
		"CertWithoutKey":  {[]string{"version", "--tls-cert", "x"}, "", 2, "belong together"},
		"FlagWins":        {[]string{"version", "--log-level", "info"}, "BRICKBOARD_LOG_LEVEL=loud", 0, ""},
		"NoSuchFile":      {[]string{"import", "sets", "--user", "a", "/no/such/file"}, "", 1, "no such file"},
		"BadDatabaseURL":  {[]string{"migrate", "status", "--database-url", "postgres://u:pass word@:x/"}, "", 1, ""},
		"Version":         {[]string{"version"}, "", 0, ""},
		"HelpIsNoFailure": {[]string{"help"}, "", 0, ""},
	} {
		cmd := programWith(t, c.args...)
		if c.env != "" {
			cmd.Env = append(cmd.Env, c.env)
		}
		out, err := cmd.CombinedOutput()
		if exit := (*exec.ExitError)(nil); err != nil {
			require.ErrorAs(t, err, &exit, name)
		}
		require.Equal(t, c.status, cmd.ProcessState.ExitCode(), "%s: %s", name, out)
		require.Contains(t, string(out), c.says, name)
		require.NotContains(t, string(out), "pass word", name)
	}
}

// One start shows everything that is wrong, of flags and of the environment.
func TestRun_NamesEveryProblem(t *testing.T) {
	t.Parallel()
	cmd := programWith(t, "version", "--admin-listen", "y", "--tls-key", "key.pem", "--log-format", "xml", "--batch-size", "0",
		"--live-sessions", "0", "--cache-bytes", "-1")
	cmd.Env = append(cmd.Env, "BRICKBOARD_LISTEN=x", "BRICKBOARD_LOG_LEVEL=loud", "BRICKBOARD_JWT_SECRET=short", "BRICKBOARD_BROKER=kafka",
		"BRICKBOARD_POLL_INTERVAL=often", "BRICKBOARD_HTTP_CONNECTIONS=many")
	out, _ := cmd.CombinedOutput()
	require.Equal(t, 2, cmd.ProcessState.ExitCode(), "%s", out)
	for _, problem := range []string{
		`--admin-listen "y"`, "--tls-cert and --tls-key", `--log-format "xml"`, "--batch-size", "--live-sessions", "--cache-bytes",
		`--listen "x"`, `--log-level "loud"`, "--jwt-secret has 5 bytes", `--broker "kafka"`, "BRICKBOARD_POLL_INTERVAL", "BRICKBOARD_HTTP_CONNECTIONS",
	} {
		require.Contains(t, string(out), problem)
	}
}

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
	_, stderr, status = runOnce(t, "migrate", "up", "--database-url", url)
	require.Zero(t, status, stderr)
}

func TestServe_RefusesANewerSchema(t *testing.T) {
	t.Parallel()
	pool := testsupport.Database(t)
	_, err := pool.Exec(t.Context(), "INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, true)")
	require.NoError(t, err)
	_, stderr, status := runOnce(t, "serve", "--database-url", pool.Config().ConnString(), "--jwt-secret", secretForTests)
	require.Equal(t, 1, status)
	require.Contains(t, stderr, "schema version 9999")
}
