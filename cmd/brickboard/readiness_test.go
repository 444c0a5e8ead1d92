package main

import (
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/brickboard/brickboard/internal/testsupport"
)

// noticed is within what /readyz says that something stands still.
const noticed = 15 * time.Second

func TestReadiness_NamesWhoHoldsACollector(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		lock  string
		flags []string
	}{
		"TheCollector": {"SELECT FROM collector_revisions WHERE user_id = 'ada' FOR UPDATE", nil}, // with the stall timeout that is shipped
		"AnotherRow":   {"UPDATE dashboard_summary SET total_mocs = total_mocs WHERE user_id = 'ada'", []string{"--stall-timeout", "3s"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url := testsupport.DatabaseURL(t)
			args := append([]string{"--database-url", url}, c.flags...)
			p, aside := startServer(t, args...), startServer(t, append(args, "--no-projections")...)
			ada, bob := p.as(t, "ada"), p.as(t, "bob")
			ada.addMOC(t, "Keep")
			ada.eventually(t, func(d dashboard) bool { return d.Summary.TotalMocs == 1 })
			p.eventuallyReady(t, http.StatusOK, "")

			foreign := connect(t, url)
			execute(t, foreign, "SET application_name = 'long report'; BEGIN; "+c.lock)
			began := time.Now()
			ada.addMOC(t, "Tower")
			bob.addMOC(t, "Gate")
			bob.eventually(t, func(d dashboard) bool { return d.Summary.TotalMocs == 1 })
			p.eventuallyReady(t, http.StatusServiceUnavailable, `(application "long report")`)
			require.Less(t, time.Since(began), noticed)
			_, text := p.ready(t)
			require.Regexp(t, `waits for a lock of process \d+ \(application "long report"\) in a transaction since \S+Z, for \d+ s`, text)
			aside.eventuallyReady(t, http.StatusOK, `(application "long report")`) // does not project, and so only shows it
			require.Contains(t, tool(t, url, 1, "doctor", "--stall-timeout", "1s"), "long report")
			execute(t, foreign, "ROLLBACK")
			ada.eventually(t, func(d dashboard) bool { return d.Summary.TotalMocs == 2 })
			p.eventuallyReady(t, http.StatusOK, "")
		})
	}
}

func TestReadiness_NamesWhyAHandlerStopped(t *testing.T) {
	t.Parallel()
	url := testsupport.DatabaseURL(t)
	p := startServer(t, "--database-url", url, "--stall-timeout", "1s")
	conn := connect(t, url)
	ada := p.as(t, "ada")
	execute(t, conn, "ALTER TABLE theme_stats RENAME TO hidden")
	began := time.Now()
	ada.addMOC(t, "Keep")
	p.eventuallyReady(t, http.StatusServiceUnavailable, `relation "theme_stats" does not exist`)
	require.Less(t, time.Since(began), noticed)
	execute(t, conn, "ALTER TABLE hidden RENAME TO theme_stats")
	p.eventuallyReady(t, http.StatusOK, "")
	ada.eventually(t, func(d dashboard) bool { return d.Summary.TotalMocs == 1 })

	execute(t, conn, "BEGIN; SELECT FROM watermill_offsets_collection_0 FOR UPDATE; SELECT FROM watermill_offsets_collection_1 FOR UPDATE")
	ada.addMOC(t, "Tower")
	p.eventuallyReady(t, http.StatusServiceUnavailable, "waits for a lock of process")
	execute(t, conn, "ROLLBACK")
	p.eventuallyReady(t, http.StatusOK, "")
}

// Requests, reads and projections wait on all connections that they have; health has its own.
func TestReadiness_SeesThatEveryPoolIsFullOfWaiters(t *testing.T) {
	t.Parallel()
	url := testsupport.DatabaseURL(t)
	p := startServer(t, "--database-url", url, "--stall-timeout", "1s", "--request-timeout", patience.String(),
		"--http-connections", "1", "--projection-connections", "2")
	ada, bob := p.as(t, "ada"), p.as(t, "bob") // of two topics
	foreign, looking := connect(t, url), connect(t, url)
	execute(t, foreign, "BEGIN; LOCK TABLE collector_revisions")
	ada.addMOC(t, "Keep")
	bob.addMOC(t, "Keep")
	execute(t, foreign, "LOCK TABLE mocs")
	var waiting sync.WaitGroup
	for range 2 {
		waiting.Go(func() { ada.do("GET", "/api/dashboard", nil, nil) })
		waiting.Go(func() { ada.do("POST", "/api/mocs", map[string]any{"title": "Tower", "theme": "Castle"}, nil) })
	}
	require.Eventually(t, func() bool {
		return slices.Equal([]string{"brickboard projections", "brickboard projections", "brickboard reads", "brickboard requests"}, scan[[]string](t, looking,
			`SELECT coalesce(array_agg(application_name ORDER BY application_name), '{}') FROM pg_stat_activity
			WHERE datname = current_database() AND cardinality(pg_blocking_pids(pid)) > 0`))
	}, patience, 10*time.Millisecond)
	p.eventuallyReady(t, http.StatusServiceUnavailable, "no event was projected for")
	public := client{t: t, base: "http://" + p.addr}
	require.Equal(t, http.StatusServiceUnavailable, public.send("GET", "/readyz", nil).status)
	require.Equal(t, http.StatusOK, public.send("GET", "/livez", nil).status)
	execute(t, foreign, "ROLLBACK")
	waiting.Wait()
	ada.eventually(t, func(d dashboard) bool { return d.Summary.TotalMocs == 3 })
	p.eventuallyReady(t, http.StatusOK, "")
}
