package messaging

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// Restart makes the topics good in a database in which their positions mean nothing any more, because its transaction
// ids may have started again: what the positions had passed is deleted, the rest is still to come. It takes every
// position, and returns how many messages are kept. The caller commits.
//
// The rest gets new offsets too: a sequence that was not restored may have given old ones again.
//
// With foreign ids, those of another cluster, a message that this cluster wrote after it was restored may look passed:
// its row was written by the transaction that it names, so it is kept.
func Restart(ctx context.Context, tx pgx.Tx, foreign bool) (kept int64, err error) {
	for _, topic := range Topics() {
		if _, err := tx.Exec(ctx, "SELECT FROM "+positionsTable(topic)+" FOR UPDATE"); err != nil {
			return 0, fmt.Errorf("lock positions of %s: %w", topic, err)
		}
		if _, err := tx.Exec(ctx, deletePassed(topic), ProjectionsGroup, foreign); err != nil {
			return 0, fmt.Errorf("delete what %s has passed: %w", topic, err)
		}
		tag, err := tx.Exec(ctx, fmt.Sprintf(`UPDATE %[1]s SET transaction_id = pg_current_xact_id(),
			"offset" = nextval(pg_get_serial_sequence('%[1]s', 'offset'))`, messagesTable(topic)))
		if err != nil {
			return 0, fmt.Errorf("renumber the rest of %s: %w", topic, err)
		}
		kept += tag.RowsAffected()
		_, err = tx.Exec(ctx, "INSERT INTO "+positionsTable(topic)+` (consumer_group, position) VALUES ($1, '1:1:')
			ON CONFLICT (consumer_group) DO UPDATE SET position = '1:1:', reading = NULL, cut_transaction_id = NULL, cut_offset = NULL`, ProjectionsGroup)
		if err != nil {
			return 0, fmt.Errorf("reset the position of %s: %w", topic, err)
		}
	}
	if _, err := tx.Exec(ctx, "DELETE FROM "+messagesTable(Live)); err != nil {
		return 0, fmt.Errorf("delete old announcements: %w", err)
	}
	return kept, nil
}

func deletePassed(topic string) string {
	return fmt.Sprintf(`
DELETE FROM %s m USING %s o
WHERE o.consumer_group = $1
	AND (pg_visible_in_snapshot(m.transaction_id, o.position) OR coalesce(pg_visible_in_snapshot(m.transaction_id, o.reading)
		AND (m.transaction_id, m."offset") <= (o.cut_transaction_id, o.cut_offset), false))
	AND NOT ($2 AND m.xmin::text::bigint = m.transaction_id::text::bigint %% 4294967296)`, messagesTable(topic), positionsTable(topic))
}
