package messaging

import (
	"context"
	"testing"

	"github.com/ThreeDotsLabs/watermill/message"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"

	"github.com/brickboard/brickboard/internal/testsupport"
)

// queue is a pipeline: it only collects statements.
type queue struct{ pgx.Batch }

func (q *queue) Exec(_ context.Context, sql string, args ...any) (pgconn.CommandTag, error) {
	q.Queue(sql, args...)
	return pgconn.CommandTag{}, nil
}

func TestOutbox_Append(t *testing.T) {
	t.Parallel()
	db := testsupport.Database(t)
	const stored = `SELECT count(*) FROM watermill_collection_0 WHERE uuid = ANY ($1)`

	t.Run("ExistsWhenTheTransactionCommits", func(t *testing.T) {
		t.Parallel()
		tx := begin(t, db)
		uuids := appendNew(t, tx, Collection0, 2)
		require.Zero(t, count(t, db, stored, uuids))
		commit(t, tx)
		require.Equal(t, 2, count(t, db, stored, uuids))
	})

	t.Run("GoesWhenTheTransactionRollsBack", func(t *testing.T) {
		t.Parallel()
		tx := begin(t, db)
		uuids := appendNew(t, tx, Collection0, 2)
		require.NoError(t, tx.Rollback(t.Context()))
		require.Zero(t, count(t, db, stored, uuids))
	})

	t.Run("GoesToTheTopicOfTheCollector", func(t *testing.T) {
		t.Parallel()
		uuids := appendNew(t, db, Collection1, 1)
		require.Equal(t, 1, count(t, db, `SELECT count(*) FROM watermill_collection_1 WHERE uuid = ANY ($1)`, uuids))
	})

	t.Run("QueuesInAPipeline", func(t *testing.T) {
		t.Parallel()
		var q queue
		one, more := appendNew(t, &q, Collection0, 1), appendNew(t, &q, Collection0, 3)
		require.Equal(t, 2, q.Len())
		require.Zero(t, count(t, db, stored, append(one, more...)))
		require.NoError(t, db.SendBatch(t.Context(), &q.Batch).Close())
		require.Equal(t, 4, count(t, db, stored, append(one, more...)))
	})

	t.Run("MoreThanParametersInTheirOrder", func(t *testing.T) {
		t.Parallel()
		uuids := appendNew(t, db, Collection0, 30_000)
		rows, err := db.Query(t.Context(), `SELECT uuid::text FROM watermill_collection_0 WHERE uuid = ANY ($1) ORDER BY "offset"`, uuids)
		require.NoError(t, err)
		got, err := pgx.CollectRows(rows, pgx.RowTo[string])
		require.NoError(t, err)
		require.Equal(t, uuids, got)
	})

	t.Run("KeepsEveryByte", func(t *testing.T) {
		t.Parallel()
		for _, n := range []int{1, 2} { // one statement each
			var msgs []*message.Message
			for range n {
				msg := message.NewMessage(uuid.NewString(), []byte{0, 0xff, '\\', '"'})
				msg.Metadata.Set("user_id", `"ü\`)
				msgs = append(msgs, msg)
			}
			require.NoError(t, Outbox{}.Append(t.Context(), db, collectorOf(Collection0), msgs...))
			var payload []byte
			var user string
			err := db.QueryRow(t.Context(), `SELECT payload, metadata->>'user_id' FROM watermill_collection_0 WHERE uuid = $1`,
				msgs[n-1].UUID).Scan(&payload, &user)
			require.NoError(t, err)
			require.Equal(t, []byte(msgs[0].Payload), payload)
			require.Equal(t, `"ü\`, user)
		}
	})

	t.Run("Nothing", func(t *testing.T) {
		t.Parallel()
		require.NoError(t, Outbox{}.Append(t.Context(), nil, "anybody"))
	})

	t.Run("CarriesTheRequestsContext", func(t *testing.T) {
		t.Parallel()
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		err := Outbox{}.Append(ctx, db, "anybody", message.NewMessage(uuid.NewString(), nil))
		require.ErrorIs(t, err, context.Canceled)
	})
}
