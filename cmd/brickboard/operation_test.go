package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/brickboard/brickboard/domain"
	"github.com/brickboard/brickboard/domain/command"
	"github.com/brickboard/brickboard/internal/testsupport"
)

// connect opens a connection that is closed with the test.
func connect(t *testing.T, url string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}

func execute(t *testing.T, conn *pgx.Conn, sql string, args ...any) {
	t.Helper()
	_, err := conn.Exec(t.Context(), sql, args...)
	require.NoError(t, err, sql)
}

func scan[T any](t *testing.T, conn *pgx.Conn, sql string, args ...any) (answer T) {
	t.Helper()
	require.NoError(t, conn.QueryRow(t.Context(), sql, args...).Scan(&answer), sql)
	return answer
}

// ready is the status and the text of /readyz on the admin address.
func (p *process) ready(t *testing.T) (status int, text string) {
	t.Helper()
	res, err := http.Get("http://" + p.admin + "/readyz")
	require.NoError(t, err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	return res.StatusCode, string(body)
}

func (p *process) eventuallyReady(t *testing.T, wanted int, cause string) {
	t.Helper()
	require.Eventually(t, func() bool {
		status, text := p.ready(t)
		return status == wanted && strings.Contains(text, cause)
	}, patience, 20*time.Millisecond, "%d %s", wanted, cause)
}

func (c client) addMOC(t *testing.T, title string) {
	t.Helper()
	require.Equal(t, http.StatusCreated, c.do("POST", "/api/mocs", map[string]any{"title": title, "theme": "Castle"}, nil))
}

// tool runs a subcommand on the database, expects the status and returns what it printed.
func tool(t *testing.T, url string, status int, args ...string) string {
	t.Helper()
	out, stderr, got := runOnce(t, append(args, "--database-url", url, "--log-level", "error")...)
	require.Equal(t, status, got, "%s: %s%s", args, out, stderr)
	return out
}

// A transaction of somebody else that has written and stays open, before, during and after commands, delays nothing.
func TestServe_ForeignWritingTransaction(t *testing.T) {
	t.Parallel()
	url := testsupport.DatabaseURL(t)
	foreign := connect(t, url)
	execute(t, foreign, "BEGIN; CREATE TABLE foreign_work (); SELECT pg_current_xact_id()")
	p := startServer(t, "--database-url", url)
	ada := p.as(t, "ada")
	for n, do := range []string{"", "ROLLBACK; BEGIN; CREATE TABLE foreign_work (); SELECT pg_current_xact_id()", "COMMIT"} {
		if do != "" {
			execute(t, foreign, do)
		}
		ada.addMOC(t, "Keep")
		began := time.Now()
		ada.eventually(t, func(d dashboard) bool { return d.Summary.TotalMocs == n+1 })
		require.Less(t, time.Since(began), 5*time.Second)
	}
}

func TestDeadLetters(t *testing.T) {
	t.Parallel()
	url := testsupport.DatabaseURL(t)
	conn := connect(t, url)
	execute(t, conn, "ALTER TABLE theme_stats ADD CONSTRAINT picky CHECK (theme <> 'Castle')")
	p := startServer(t, "--database-url", url)
	p.as(t, "ada").addMOC(t, "Keep")
	require.Eventually(t, func() bool { return scan[int](t, conn, "SELECT count(*) FROM parked_events") == 1 }, patience, 10*time.Millisecond)
	require.Eventually(t, func() bool { return strings.Count(p.log.String(), "event cannot be projected") == 1 }, patience, 10*time.Millisecond)

	var letters []struct{ EventID, UserID, State, Error, Payload string }
	require.NoError(t, json.Unmarshal([]byte(tool(t, url, 0, "dead-letters", "list", "--json")), &letters))
	require.Len(t, letters, 1)
	require.Equal(t, "ada", letters[0].UserID)
	require.Equal(t, "REFUSED", letters[0].State)
	require.Contains(t, letters[0].Error, "picky")
	id := letters[0].EventID
	require.Contains(t, tool(t, url, 0, "dead-letters", "list"), id)
	require.NoError(t, json.Unmarshal([]byte(tool(t, url, 0, "dead-letters", "show", id, "--json")), &letters))
	require.Contains(t, letters[0].Payload, `"theme":"Castle"`)
	require.Contains(t, tool(t, url, 1, "doctor"), "dead-letters list")
	require.Contains(t, tool(t, url, 1, "rebuild-projections", "--verify"), "dead letter "+id)
	require.Equal(t, "1 tried, 0 projected, 0 waiting for a lock, 1 still dead\n", tool(t, url, 1, "dead-letters", "retry", "--all"))
	for _, args := range [][]string{{"show", id}, {"show"}, {"retry"}, {"discard"}} {
		for _, format := range []string{"--json=false", "--json"} {
			args := append(append([]string{"dead-letters"}, args...), "absent", "missing", format, "--database-url", url)
			_, stderr, status := runOnce(t, args...)
			require.Equal(t, 1, status, args)
			require.Contains(t, stderr, "there is no dead letter absent, missing\n")
		}
	}

	execute(t, conn, "ALTER TABLE theme_stats DROP CONSTRAINT picky")
	require.Equal(t, "{\"dead\":[],\"projected\":1,\"tried\":1,\"waiting\":0}\n", tool(t, url, 0, "dead-letters", "retry", id, "--json"))
	p.as(t, "ada").eventually(t, func(d dashboard) bool { return d.Summary.TotalMocs == 1 })
	require.Equal(t, "[]\n", tool(t, url, 0, "dead-letters", "list", "--json"))
	tool(t, url, 1, "dead-letters", "show", id)
	tool(t, url, 2, "dead-letters", "retry")
	tool(t, url, 2, "dead-letters")
	tool(t, url, 0, "doctor")
}

// What was discarded is gone, and never projected: the read model has drifted, until a rebuild.
func TestDeadLetters_Discard(t *testing.T) {
	t.Parallel()
	url := testsupport.DatabaseURL(t)
	conn := connect(t, url)
	execute(t, conn, "ALTER TABLE theme_stats ADD CONSTRAINT picky CHECK (theme <> 'Castle')")
	p := startServer(t, "--database-url", url)
	for range 2 {
		p.as(t, "ada").addMOC(t, "Keep")
	}
	const letters = "SELECT coalesce(array_agg(event_id ORDER BY parked_at), '{}') FROM parked_events"
	require.Eventually(t, func() bool { return len(scan[[]string](t, conn, letters)) == 2 }, patience, 10*time.Millisecond)
	ids := scan[[]string](t, conn, letters)
	require.False(t, examined(t, url, 1)["dead letters"])

	require.Equal(t, "1 discarded\n", tool(t, url, 0, "dead-letters", "discard", ids[0]))
	require.Equal(t, fmt.Sprintf("{\"discarded\":[%q]}\n", ids[1]), tool(t, url, 0, "dead-letters", "discard", ids[1], "--json"))
	require.Empty(t, scan[[]string](t, conn, letters))
	execute(t, conn, "ALTER TABLE theme_stats DROP CONSTRAINT picky")
	require.Equal(t, "0 tried, 0 projected, 0 waiting for a lock, 0 still dead\n", tool(t, url, 0, "dead-letters", "retry", "--all"))
	tool(t, url, 1, "rebuild-projections", "--verify")
	tool(t, url, 0, "rebuild-projections")
	p.as(t, "ada").eventually(t, func(d dashboard) bool { return d.Summary.TotalMocs == 2 })
	for name, ok := range examined(t, url, 0) {
		require.True(t, ok, name)
	}
}

// examined is what doctor says in JSON: its checks, and whether they are right.
func examined(t *testing.T, url string, status int) map[string]bool {
	t.Helper()
	var report struct {
		OK     bool
		Checks []struct{ Check, Found, Advice string }
	}
	require.NoError(t, json.Unmarshal([]byte(tool(t, url, status, "doctor", "--json")), &report))
	require.Equal(t, status == 0, report.OK)
	checks := map[string]bool{}
	for _, c := range report.Checks {
		require.NotEmpty(t, c.Found, c.Check)
		checks[c.Check] = c.Advice == ""
	}
	require.Contains(t, checks, "database")
	return checks
}

func TestRebuild_ExitStatusAndOutput(t *testing.T) {
	t.Parallel()
	url := testsupport.DatabaseURL(t)
	conn := connect(t, url)
	p := startServer(t, "--database-url", url)
	for _, user := range []string{"ada", "bob"} {
		c := p.as(t, user)
		c.addMOC(t, "Keep")
		c.eventually(t, func(d dashboard) bool { return d.Summary.TotalMocs == 1 })
	}
	execute(t, conn, "UPDATE theme_stats SET moc_count = 7")
	require.Equal(t, "ada: theme_stats Castle moc_count is 7 and should be 1\n1 collectors: 1 rows drifted, 0 are pending; 1 differences shown\n",
		tool(t, url, 1, "rebuild-projections", "--verify", "--user", "ada"))
	require.Contains(t, tool(t, url, 1, "rebuild-projections", "--verify", "--json", "--limit", "1"), `"driftedRows":2`)
	require.Equal(t, "1 collectors: 0 were right, 1 were mended; 1 rows differed\n", tool(t, url, 0, "rebuild-projections", "--user", "bob"))
	require.Equal(t, "2 collectors: 1 were right, 1 were mended; 1 rows differed\n", tool(t, url, 0, "rebuild-projections", "--workers", "4"))
	require.Contains(t, tool(t, url, 0, "rebuild-projections", "--verify"), "2 collectors: 0 rows drifted")
	tool(t, url, 2, "rebuild-projections", "--workers", "0")
	tool(t, url, 2, "rebuild-projections", "--user", "")
}

// writer runs commands on the database, with nobody told.
func writer(t *testing.T, url string) *command.Service {
	t.Helper()
	return command.NewService(openPool(t, url), asleep{}, time.Now)
}

type asleep struct{}

func (asleep) Wake(...string) {}

func addTo(t *testing.T, s *command.Service, id domain.CollectorID, mocs int) {
	t.Helper()
	for range mocs {
		_, err := s.AddMOC(t.Context(), command.AddMOC{Collector: id, Draft: domain.MOCDraft{Title: "Keep", Theme: "Castle", Parts: domain.Parts{Total: 2, Owned: 1}}})
		require.NoError(t, err)
	}
}
