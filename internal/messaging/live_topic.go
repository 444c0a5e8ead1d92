package messaging

import (
	"database/sql"
	"fmt"

	"github.com/ThreeDotsLabs/watermill"
	watermillsql "github.com/ThreeDotsLabs/watermill-sql/v4/pkg/sql"
	"github.com/ThreeDotsLabs/watermill/message"
)

// liveTopic is the schema and the position of one server's reading of the live bus. The position is a snapshot, as
// those of the projections are, but it is kept in memory only and begins at "now". It is used by the subscriber's
// goroutine alone.
type liveTopic struct {
	schema
	position *string // nil: begin at now
	began    func()
}

// forget makes the next reading begin at now: nobody knows what happened meanwhile.
func (t *liveTopic) forget() { t.position = nil }

// selectLive returns one row: the snapshot that was read, and what it shows and the position did not, NULL when there is
// nothing. A position from the future belongs to another database: then reading begins at now as well.
const selectLive = `
WITH cursor AS MATERIALIZED (
	SELECT $1::text::pg_snapshot AS position, pg_current_snapshot() AS reading
), fresh AS (
	SELECT m.* FROM cursor c CROSS JOIN LATERAL (
		SELECT transaction_id, "offset", uuid, payload FROM %[1]s
		WHERE transaction_id >= pg_snapshot_xmax(c.position) AND pg_visible_in_snapshot(transaction_id, c.reading)
	) m
), late AS (
	SELECT m.* FROM cursor c CROSS JOIN LATERAL pg_snapshot_xip(c.position) AS x (id) CROSS JOIN LATERAL (
		SELECT transaction_id, "offset", uuid, payload FROM %[1]s WHERE transaction_id = x.id
	) m
	WHERE pg_visible_in_snapshot(x.id, c.reading)
), news AS (
	SELECT * FROM fresh UNION ALL SELECT * FROM late
)
SELECT
	(SELECT reading::text FROM cursor),
	(SELECT coalesce(pg_snapshot_xmax(position) > pg_snapshot_xmax(reading), true) FROM cursor),
	array_agg(uuid::text ORDER BY transaction_id, "offset"),
	array_agg(payload ORDER BY transaction_id, "offset")
FROM news`

// SelectQuery selects everything that is new.
func (t *liveTopic) SelectQuery(params watermillsql.SelectQueryParams) (watermillsql.Query, error) {
	return watermillsql.Query{Query: fmt.Sprintf(selectLive, messagesTable(params.Topic)), Args: []any{t.position}}, nil
}

// UnmarshalMessage makes one message of all that is new, and moves the position: whoever is told cannot fail.
func (t *liveTopic) UnmarshalMessage(params watermillsql.UnmarshalMessageParams) (watermillsql.Row, error) {
	var (
		reading  string
		begins   bool
		uuids    []string
		payloads [][]byte
	)
	if err := params.Row.Scan(&reading, &begins, &uuids, &payloads); err != nil {
		return watermillsql.Row{}, fmt.Errorf("scan announcements: %w", err)
	}
	t.position = &reading
	if begins {
		t.began()
	}
	if len(uuids) == 0 {
		return watermillsql.Row{}, sql.ErrNoRows // watermill's word for nothing
	}
	records := make([]Record, len(uuids))
	for i := range records {
		records[i] = Record{UUID: uuids[i], Payload: payloads[i]}
	}
	return watermillsql.Row{Offset: 1, Msg: message.NewMessage(watermill.NewUUID(), EncodeBatch(records))}, nil
}

// liveOffsets keeps nothing.
type liveOffsets struct{ offsets }

// AckMessageQuery changes nothing.
func (liveOffsets) AckMessageQuery(watermillsql.AckMessageQueryParams) (watermillsql.Query, error) {
	return watermillsql.Query{Query: "SELECT"}, nil
}
