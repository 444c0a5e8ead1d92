package messaging

import (
	"encoding/json"
	"fmt"

	"github.com/ThreeDotsLabs/watermill"
	watermillsql "github.com/ThreeDotsLabs/watermill-sql/v4/pkg/sql"
	"github.com/ThreeDotsLabs/watermill/message"
)

// maxBatchBytes bounds the payloads of a batch, far below what PostgreSQL can return in a row. A larger message is a
// batch of its own.
const maxBatchBytes = 16 << 20

// schema is watermill-sql's schema of messages, read in batches. The tables come from the migrations.
type schema struct {
	watermillsql.DefaultPostgreSQLSchema
	batchSize int
}

// SchemaInitializingQueries has none.
func (schema) SchemaInitializingQueries(watermillsql.SchemaInitializingQueriesParams) ([]watermillsql.Query, error) {
	return nil, nil
}

// InsertQuery is watermill's own for one message. For more it is a statement whose text does not depend on their
// number, so that it is prepared once and no limit of parameters applies.
func (s schema) InsertQuery(params watermillsql.InsertQueryParams) (watermillsql.Query, error) {
	if len(params.Msgs) == 1 {
		return s.DefaultPostgreSQLSchema.InsertQuery(params)
	}
	uuids := make([]string, len(params.Msgs))
	payloads := make([][]byte, len(params.Msgs))
	metadata := make([][]byte, len(params.Msgs))
	for i, msg := range params.Msgs {
		encoded, err := json.Marshal(msg.Metadata)
		if err != nil {
			return watermillsql.Query{}, fmt.Errorf("encode metadata of message %s: %w", msg.UUID, err)
		}
		uuids[i], payloads[i], metadata[i] = msg.UUID, msg.Payload, encoded
	}
	return watermillsql.Query{
		Query: `INSERT INTO ` + messagesTable(params.Topic) + ` (uuid, payload, metadata, transaction_id)
			SELECT m.uuid, m.payload, convert_from(m.metadata, 'UTF8')::json, pg_current_xact_id()
			FROM unnest($1::text[], $2::bytea[], $3::bytea[]) WITH ORDINALITY AS m (uuid, payload, metadata, n) ORDER BY m.n`,
		Args: []any{uuids, payloads, metadata},
	}, nil
}

// selectBatch returns the next batch as one row, or no row. Two probes of the primary key find it: messages of the
// transactions that were in progress in the position and are seen now, and those of transactions that began after it.
// Each begins where a cut batch ended, so a batch costs the same at the start and at the end of a long backlog.
//
// A position row that somebody holds is skipped. A cut batch of which nothing is left is an empty batch, so that its
// position goes on. Arrays keep NULLs, so all have as many elements as there are rows; the filter only leaves out the
// end of the batch.
const selectBatch = `
WITH cursor AS MATERIALIZED (
	%[1]s
), late AS (
	SELECT m.*
	FROM cursor c
	CROSS JOIN LATERAL pg_snapshot_xip(c.position) AS x (id)
	CROSS JOIN LATERAL (
		SELECT transaction_id, "offset", uuid, metadata, payload
		FROM %[2]s
		WHERE transaction_id = x.id AND "offset" > CASE WHEN x.id = c.cut_id THEN c.cut_offset ELSE 0 END
		ORDER BY transaction_id, "offset"
		LIMIT %[3]d
	) m
	WHERE x.id >= c.cut_id AND pg_visible_in_snapshot(x.id, c.reading)
), fresh AS (
	SELECT m.*
	FROM cursor c
	CROSS JOIN LATERAL (
		SELECT transaction_id, "offset", uuid, metadata, payload
		FROM %[2]s
		WHERE (transaction_id, "offset") > (c.fresh_id, c.fresh_offset)
			AND transaction_id < pg_snapshot_xmax(c.reading) AND pg_visible_in_snapshot(transaction_id, c.reading)
		ORDER BY transaction_id, "offset"
		LIMIT %[3]d
	) m
), candidates AS (
	SELECT m.*, row_number() OVER w AS n, sum(octet_length(m.payload)) OVER w AS bytes
	FROM (SELECT * FROM late UNION ALL SELECT * FROM fresh ORDER BY transaction_id, "offset" LIMIT %[3]d) m
	WINDOW w AS (ORDER BY m.transaction_id, m."offset" ROWS UNBOUNDED PRECEDING)
), batch AS (
	SELECT c.*, n = 1 OR coalesce(bytes, 0) <= %[4]d AS fits FROM candidates c
)
SELECT
	count(*) = %[3]d OR count(*) FILTER (WHERE NOT fits) > 0,
	(SELECT position::text FROM cursor),
	(SELECT reading::text FROM cursor),
	(array_agg(transaction_id::text) FILTER (WHERE fits))[count(*) FILTER (WHERE fits)],
	(array_agg("offset") FILTER (WHERE fits))[count(*) FILTER (WHERE fits)],
	array_agg(uuid::text) FILTER (WHERE fits),
	array_agg(convert_to(metadata::text, 'UTF8')) FILTER (WHERE fits),
	array_agg(payload) FILTER (WHERE fits)
FROM batch
HAVING count(*) > 0 OR (SELECT cut FROM cursor)`

// SelectQuery selects the next batch of the topic for the group.
func (s schema) SelectQuery(params watermillsql.SelectQueryParams) (watermillsql.Query, error) {
	cursor, err := params.OffsetsAdapter.NextOffsetQuery(watermillsql.NextOffsetQueryParams{
		Topic: params.Topic, ConsumerGroup: params.ConsumerGroup,
	})
	if err != nil {
		return watermillsql.Query{}, err
	}
	return watermillsql.Query{
		Query: fmt.Sprintf(selectBatch, cursor.Query, messagesTable(params.Topic), s.batchSize, maxBatchBytes),
		Args:  cursor.Args,
	}, nil
}

// UnmarshalMessage makes one message of a batch. The position behind it is in the extra data.
func (schema) UnmarshalMessage(params watermillsql.UnmarshalMessageParams) (watermillsql.Row, error) {
	var (
		cut                bool
		before, reading    string
		lastID             *string
		lastOffset         *int64
		uuids              []string
		metadata, payloads [][]byte
	)
	err := params.Row.Scan(&cut, &before, &reading, &lastID, &lastOffset, &uuids, &metadata, &payloads)
	if err != nil {
		return watermillsql.Row{}, fmt.Errorf("scan batch: %w", err)
	}
	records := make([]Record, len(uuids))
	for i := range records {
		records[i] = Record{UUID: uuids[i], Metadata: metadata[i], Payload: payloads[i]}
	}
	after := position{snapshot: reading}
	if cut {
		after = position{snapshot: before, reading: &reading, cutID: lastID, cutOffset: lastOffset}
	}
	return watermillsql.Row{
		Offset:    1, // anything but 0, which watermill takes for no message
		Msg:       message.NewMessage(watermill.NewUUID(), EncodeBatch(records)),
		ExtraData: map[string]any{afterBatch: after},
	}, nil
}
