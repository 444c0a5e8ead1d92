package messaging

import (
	"fmt"

	watermillsql "github.com/ThreeDotsLabs/watermill-sql/v4/pkg/sql"
)

// afterBatch is the key of a row's extra data that holds the position to take when the batch is acknowledged.
const afterBatch = "after"

// position is how far a group has come: all that is visible in snapshot is handled. While the messages that reading
// adds to it are read in parts, those up to the cut pair are handled too; otherwise the three are nil.
type position struct {
	snapshot  string
	reading   *string
	cutID     *string
	cutOffset *int64
}

// offsets keeps positions. The tables and the row of each group come from the migrations.
type offsets struct{}

// SchemaInitializingQueries has none.
func (offsets) SchemaInitializingQueries(watermillsql.OffsetsSchemaInitializingQueriesParams) ([]watermillsql.Query, error) {
	return nil, nil
}

// BeforeSubscribingQueries has none.
func (offsets) BeforeSubscribingQueries(watermillsql.BeforeSubscribingQueriesParams) ([]watermillsql.Query, error) {
	return nil, nil
}

// ConsumedMessageQuery has none.
func (offsets) ConsumedMessageQuery(watermillsql.ConsumedMessageQueryParams) (watermillsql.Query, error) {
	return watermillsql.Query{}, nil
}

// NextOffsetQuery locks the group's row and returns its position, whether a batch was cut, the snapshot to read, the cut
// pair, and the pair behind which messages are fresh. Somebody else's lock is skipped, so that idle servers keep no waiting transaction
// open. The snapshot is that of the transaction: in READ COMMITTED the row could be newer than it, and messages between
// the two would be lost.
func (offsets) NextOffsetQuery(params watermillsql.NextOffsetQueryParams) (watermillsql.Query, error) {
	return watermillsql.Query{
		Query: `SELECT position, reading IS NOT NULL AS cut, coalesce(reading, pg_current_snapshot()) AS reading,
			coalesce(cut_transaction_id, '0') AS cut_id, coalesce(cut_offset, 0) AS cut_offset,
			greatest(cut_transaction_id, pg_snapshot_xmax(position)) AS fresh_id,
			CASE WHEN cut_transaction_id >= pg_snapshot_xmax(position) THEN cut_offset ELSE 0 END AS fresh_offset
		FROM ` + positionsTable(params.Topic) + ` WHERE consumer_group = $1 FOR UPDATE SKIP LOCKED`,
		Args: []any{params.ConsumerGroup},
	}, nil
}

// AckMessageQuery stores the position behind the batch.
func (offsets) AckMessageQuery(params watermillsql.AckMessageQueryParams) (watermillsql.Query, error) {
	after, ok := params.LastRow.ExtraData[afterBatch].(position)
	if !ok {
		return watermillsql.Query{}, fmt.Errorf("the row of %s carries no position", params.Topic)
	}
	return watermillsql.Query{
		Query: `UPDATE ` + positionsTable(params.Topic) + ` SET position = $2, reading = $3, cut_transaction_id = $4, cut_offset = $5
			WHERE consumer_group = $1`,
		Args: []any{params.ConsumerGroup, after.snapshot, after.reading, after.cutID, after.cutOffset},
	}, nil
}
