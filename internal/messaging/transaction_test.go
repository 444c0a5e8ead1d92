package messaging

import (
	"testing"

	watermillsql "github.com/ThreeDotsLabs/watermill-sql/v4/pkg/sql"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"

	"github.com/brickboard/brickboard/internal/testsupport"
)

func TestTransaction_QueryContext(t *testing.T) {
	t.Parallel()
	db := testsupport.Database(t)
	open := func(t *testing.T) watermillsql.Tx {
		tx, err := newBeginner(db).BeginTx(t.Context(), nil)
		require.NoError(t, err)
		t.Cleanup(func() { _ = tx.Rollback() })
		return tx
	}
	position, err := offsets{}.NextOffsetQuery(watermillsql.NextOffsetQueryParams{Topic: Collection0, ConsumerGroup: ProjectionsGroup})
	require.NoError(t, err)

	t.Run("SeesTheSnapshotOfItsBeginning", func(t *testing.T) {
		t.Parallel()
		rows, err := open(t).QueryContext(t.Context(), `SHOW transaction_isolation`)
		require.NoError(t, err)
		require.True(t, rows.Next())
		var level string
		require.NoError(t, rows.Scan(&level))
		require.Equal(t, "repeatable read", level)
	})

	t.Run("GivesEveryRow", func(t *testing.T) {
		t.Parallel()
		rows, err := open(t).QueryContext(t.Context(), `SELECT generate_series(1, 3)`)
		require.NoError(t, err)
		var got []int
		for rows.Next() {
			var n int
			require.NoError(t, rows.Scan(&n))
			got = append(got, n)
		}
		require.Equal(t, []int{1, 2, 3}, got)
	})

	t.Run("TellsAFailureOfTheStatement", func(t *testing.T) {
		t.Parallel()
		_, err := open(t).QueryContext(t.Context(), `SELECT 1 / (count(*) - count(*)) FROM pg_class`)
		var failure *pgconn.PgError
		require.ErrorAs(t, err, &failure)
		require.Equal(t, "22012", failure.Code)
	})

	t.Run("TellsALostConnection", func(t *testing.T) {
		t.Parallel()
		tx := open(t)
		exec(t, db, `SELECT pg_terminate_backend($1)`, tx.(transaction).Conn().PgConn().PID())
		_, err := tx.QueryContext(t.Context(), `SELECT 1`)
		require.Error(t, err)
		require.NoError(t, tx.Rollback()) // nothing is left to roll back
	})

	t.Run("HasNothingNowWhileThePositionIsLockedOrHasMoved", func(t *testing.T) {
		t.Parallel()
		reader, mover := open(t), begin(t, db)
		rows, err := reader.QueryContext(t.Context(), `SELECT 1`) // the snapshot
		require.NoError(t, err)
		require.NoError(t, rows.Close())
		exec(t, mover, `UPDATE watermill_offsets_collection_0 SET position = position`)

		rows, err = reader.QueryContext(t.Context(), position.Query, position.Args...)
		require.NoError(t, err)
		require.False(t, rows.Next())
		require.NoError(t, rows.Close())

		commit(t, mover)
		rows, err = reader.QueryContext(t.Context(), position.Query, position.Args...)
		require.NoError(t, err)
		require.False(t, rows.Next())
		require.NoError(t, rows.Close())
		require.ErrorIs(t, reader.Commit(), pgx.ErrTxCommitRollback)
	})
}
