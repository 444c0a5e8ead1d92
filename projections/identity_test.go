package projections

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/brickboard/brickboard/internal/testsupport"
)

// Servers that see a restored database at the same moment begin one epoch: the others wait for the first, and see that
// it is done.
func TestCheckIdentity_SeveralAtTheSameMoment(t *testing.T) {
	t.Parallel()
	const servers = 3
	b := setup(t)
	check := func() (mended bool, err error) {
		conn, err := b.pool.Acquire(b.ctx)
		if err != nil {
			return false, err
		}
		defer conn.Release()
		return CheckIdentity(b.ctx, conn.Conn(), testsupport.Logger(t))
	}
	_, err := check() // of the template that the database was made of
	require.NoError(t, err)
	_, err = b.pool.Exec(b.ctx, "UPDATE database_identity SET timeline = '00000000'")
	require.NoError(t, err)
	_, err = b.pool.Exec(b.ctx, `CREATE TABLE epochs (); CREATE RULE begun AS ON UPDATE TO epoch DO ALSO INSERT INTO epochs DEFAULT VALUES`)
	require.NoError(t, err)

	release := b.hold(t, "SELECT pg_advisory_xact_lock(hashtextextended('brickboard identity', 0))")
	answers := make(chan bool, servers)
	for range servers {
		go func() {
			mended, err := check()
			if err != nil {
				t.Error(err)
			}
			answers <- mended
		}()
	}
	require.Eventually(t, func() bool {
		var waiting int
		err := b.pool.QueryRow(context.Background(), `SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database
			WHERE d.datname = current_database() AND l.locktype = 'advisory' AND NOT l.granted`).Scan(&waiting)
		return err == nil && waiting == servers
	}, deadline, often, "all have seen it")
	release()
	mends := 0
	for range servers {
		if <-answers {
			mends++
		}
	}
	require.Equal(t, 1, mends)
	require.Len(t, b.dump(t, "SELECT FROM epochs"), 1)
}
