package messaging

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/brickboard/brickboard/internal/testsupport"
)

func TestRetention_Sweep(t *testing.T) {
	t.Parallel()

	const left = `SELECT count(*) FROM watermill_collection_0`
	const passAll = `UPDATE watermill_offsets_collection_0
		SET position = pg_current_snapshot(), reading = NULL, cut_transaction_id = NULL, cut_offset = NULL`
	setup := func(t *testing.T) (db *pgxpool.Pool, sweep func() int64) {
		db = testsupport.Database(t)
		retention := NewRetention(db, time.Hour, time.Hour, testsupport.Logger(t))
		return db, func() int64 {
			deleted, err := retention.Sweep(t.Context())
			require.NoError(t, err)
			return deleted
		}
	}
	age := func(t *testing.T, db Executor) {
		exec(t, db, `UPDATE watermill_collection_0 SET created_at = created_at - interval '61 minutes'`)
	}

	t.Run("OldAndPassed", func(t *testing.T) {
		t.Parallel()
		db, sweep := setup(t)
		appendNew(t, db, Collection0, 3)
		age(t, db)
		young := appendNew(t, db, Collection0, 2)
		exec(t, db, passAll)
		require.EqualValues(t, 3, sweep())
		require.Equal(t, 2, count(t, db, left+` WHERE uuid = ANY ($1)`, young))
		require.Zero(t, sweep())
	})

	t.Run("NotWhatIsToBeDelivered", func(t *testing.T) {
		t.Parallel()
		db, sweep := setup(t)
		appendNew(t, db, Collection0, 3)
		age(t, db)
		require.Zero(t, sweep())
		require.Equal(t, 3, count(t, db, left))
	})

	t.Run("NotWhatWasInProgress", func(t *testing.T) {
		t.Parallel()
		db, sweep := setup(t)
		open := begin(t, db)
		appendNew(t, open, Collection0, 2)
		appendNew(t, db, Collection0, 3)
		exec(t, db, passAll)
		commit(t, open)
		age(t, db)
		require.EqualValues(t, 3, sweep())
		require.Equal(t, 2, count(t, db, left))
		exec(t, db, passAll)
		require.EqualValues(t, 2, sweep())
	})

	t.Run("NotWhatACutBatchIsReadFrom", func(t *testing.T) {
		t.Parallel()
		db, sweep := setup(t)
		appendNew(t, db, Collection0, 3)
		age(t, db)
		exec(t, db, `UPDATE watermill_offsets_collection_0 o SET reading = pg_current_snapshot(),
			cut_transaction_id = m.transaction_id, cut_offset = m."offset" FROM watermill_collection_0 m`)
		require.Zero(t, sweep())
		exec(t, db, passAll)
		require.EqualValues(t, 3, sweep())
	})

	t.Run("NotWithoutAPosition", func(t *testing.T) {
		t.Parallel()
		db, sweep := setup(t)
		appendNew(t, db, Collection0, 3)
		age(t, db)
		exec(t, db, `DELETE FROM watermill_offsets_collection_0`)
		require.Zero(t, sweep())
	})

	t.Run("NotWhatOneOfTheGroupsHasToRead", func(t *testing.T) {
		t.Parallel()
		db, sweep := setup(t)
		appendNew(t, db, Collection0, 3)
		age(t, db)
		exec(t, db, passAll)
		exec(t, db, `INSERT INTO watermill_offsets_collection_0 (consumer_group, position) VALUES ('second', '1:1:')`)
		require.Zero(t, sweep())
		exec(t, db, passAll)
		require.EqualValues(t, 3, sweep())
	})

	t.Run("MoreThanAChunkOnBothTopics", func(t *testing.T) {
		t.Parallel()
		db, sweep := setup(t)
		for n, topic := range Topics() {
			exec(t, db, fmt.Sprintf(`INSERT INTO %s (uuid, created_at, transaction_id)
				SELECT i, now() - interval '2 hours', pg_current_xact_id() FROM generate_series(1, $1) AS i`, messagesTable(topic)), retentionChunk+n+1)
			exec(t, db, fmt.Sprintf(`UPDATE %s SET position = pg_current_snapshot()`, positionsTable(topic)))
		}
		require.EqualValues(t, 2*retentionChunk+3, sweep())
	})

	t.Run("TellsAFailure", func(t *testing.T) {
		t.Parallel()
		db, _ := setup(t)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		_, err := NewRetention(db, time.Hour, time.Hour, testsupport.Logger(t)).Sweep(ctx)
		require.ErrorIs(t, err, context.Canceled)
	})
}

func TestRetention_Run(t *testing.T) {
	t.Parallel()
	db, in := testsupport.Database(t), new(inbox)
	startServer(t, db, testConfig(), in.handle)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- NewRetention(db, 0, tick, testsupport.Logger(t)).Run(ctx) }()
	for range 20 { // nothing goes before it was delivered
		in.await(t, appendNew(t, db, Collection0, 5)...)
	}
	require.Eventually(t, func() bool { return count(t, db, `SELECT count(*) FROM watermill_collection_0`) == 0 }, patience, tick)
	cancel()
	require.NoError(t, <-ended)
	require.Len(t, in.records(), 100)
}
