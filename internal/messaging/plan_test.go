package messaging

import (
	"encoding/json"
	"testing"

	watermillsql "github.com/ThreeDotsLabs/watermill-sql/v4/pkg/sql"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/brickboard/brickboard/internal/testsupport"
)

// TestSchema_SelectQuery reads a backlog that was loaded a moment ago, of which the statistics know nothing yet, with
// the plan that was made when the topic was empty.
func TestSchema_SelectQuery(t *testing.T) {
	t.Parallel()

	const backlog, batch = 200_000, 2000
	setup := func(t *testing.T) (db, reader *pgxpool.Pool) {
		db = testsupport.Database(t)
		config := SubscriberPool(db.Config(), 0)
		config.MaxConns = 1 // one session, so that its plan is kept
		config.ConnConfig.RuntimeParams["plan_cache_mode"] = "force_generic_plan"
		reader, err := pgxpool.NewWithConfig(t.Context(), config)
		require.NoError(t, err)
		t.Cleanup(reader.Close)
		query, err := schema{batchSize: batch}.SelectQuery(watermillsql.SelectQueryParams{
			Topic: Collection0, ConsumerGroup: ProjectionsGroup, OffsetsAdapter: offsets{},
		})
		require.NoError(t, err)
		exec(t, reader, `PREPARE batch (text) AS `+query.Query)
		pages(t, reader)
		return db, reader
	}
	load := func(t *testing.T, db Executor) {
		exec(t, db, `INSERT INTO watermill_collection_0 (uuid, payload, metadata, transaction_id)
			SELECT i, convert_to(repeat('x', 500), 'UTF8'), '{}', pg_current_xact_id() FROM generate_series(1, $1) AS i`, backlog)
	}
	// cutAt leaves n messages of the backlog, in a snapshot that is being read.
	cutAt := func(t *testing.T, db Executor, n int) {
		exec(t, db, `UPDATE watermill_offsets_collection_0 SET reading = pg_current_snapshot(), cut_transaction_id = m.transaction_id,
			cut_offset = m."offset" FROM (SELECT * FROM watermill_collection_0 ORDER BY transaction_id DESC, "offset" DESC OFFSET $1 LIMIT 1) m`, n)
	}
	costsTheSame := func(t *testing.T, db, reader *pgxpool.Pool) {
		pages(t, reader)
		start := pages(t, reader)
		cutAt(t, db, batch)
		end := pages(t, reader)
		require.Less(t, start, backlog/100)
		require.InEpsilon(t, start, end, 0.2)
		exec(t, db, `ANALYZE watermill_collection_0`)
		require.InEpsilon(t, start, pages(t, reader), 0.2)
	}

	t.Run("OfManyTransactions", func(t *testing.T) {
		t.Parallel()
		db, reader := setup(t)
		for range 20 {
			exec(t, db, `INSERT INTO watermill_collection_0 (uuid, payload, metadata, transaction_id)
				SELECT i, convert_to(repeat('x', 500), 'UTF8'), '{}', pg_current_xact_id() FROM generate_series(1, $1) AS i`, backlog/20)
		}
		costsTheSame(t, db, reader)
	})

	t.Run("OfOneThatWasInProgress", func(t *testing.T) {
		t.Parallel()
		db, reader := setup(t)
		tx := begin(t, db)
		load(t, tx)
		exec(t, db, `UPDATE watermill_offsets_collection_0 SET position = pg_current_snapshot()`)
		commit(t, tx)
		costsTheSame(t, db, reader)
	})

	t.Run("BehindHistoryThatIsKept", func(t *testing.T) {
		t.Parallel()
		db, reader := setup(t)
		load(t, db)
		exec(t, db, `UPDATE watermill_offsets_collection_0 SET position = pg_current_snapshot()`)
		appendNew(t, db, Collection0, 1)
		pages(t, reader)
		require.Less(t, pages(t, reader), 50)
	})
}

// pages runs the prepared statement and says how many pages it touched. It fails when the plan scans the messages.
func pages(t *testing.T, db *pgxpool.Pool) int {
	t.Helper()
	tx := begin(t, db)
	var encoded []byte
	err := tx.QueryRow(t.Context(), `EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) EXECUTE batch ('`+ProjectionsGroup+`')`).Scan(&encoded)
	require.NoError(t, err)
	require.NoError(t, tx.Rollback(t.Context()))
	require.NotContains(t, string(encoded), "Seq Scan")
	require.NotContains(t, string(encoded), "Bitmap")
	var plans []struct {
		Plan struct {
			Hit  int `json:"Shared Hit Blocks"`
			Read int `json:"Shared Read Blocks"`
		}
	}
	require.NoError(t, json.Unmarshal(encoded, &plans))
	return plans[0].Plan.Hit + plans[0].Plan.Read
}
