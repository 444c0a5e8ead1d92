package main

import (
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
)

// gate holds transactions of the server at their commit, when all is written: those that write rows of a table for a
// collector, while it is shut for both.
type gate struct {
	t    *testing.T
	conn *pgx.Conn
}

// gated triggers wait at the commit, also where the transaction itself would wait for a second at most.
const gated = `
CREATE FUNCTION gate() RETURNS trigger LANGUAGE plpgsql SET lock_timeout = 0 AS $$ BEGIN
	PERFORM pg_advisory_xact_lock_shared(hashtext(TG_TABLE_NAME), hashtext(NEW.user_id)); RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER gate AFTER INSERT OR UPDATE ON mocs DEFERRABLE INITIALLY DEFERRED
	FOR EACH ROW EXECUTE FUNCTION gate();
CREATE CONSTRAINT TRIGGER gate AFTER INSERT OR UPDATE ON collector_revisions DEFERRABLE INITIALLY DEFERRED
	FOR EACH ROW EXECUTE FUNCTION gate()`

func newGate(t *testing.T, url string) *gate {
	t.Helper()
	g := &gate{t, connect(t, url)}
	execute(t, g.conn, gated)
	return g
}

func (g *gate) shut(table, collector string) {
	g.t.Helper()
	execute(g.t, g.conn, "SELECT pg_advisory_lock(hashtext($1), hashtext($2))", table, collector)
}

func (g *gate) open() {
	g.t.Helper()
	execute(g.t, g.conn, "SELECT pg_advisory_unlock_all()")
}

// awaitHeld waits until so many transactions wait, for the gate or for one another.
func (g *gate) awaitHeld(n int) {
	g.t.Helper()
	require.Eventually(g.t, func() bool {
		return scan[int](g.t, g.conn, `SELECT count(*) FROM pg_stat_activity
			WHERE datname = current_database() AND cardinality(pg_blocking_pids(pid)) > 0`) == n
	}, patience, 5*time.Millisecond)
}
