package messaging

import (
	"context"
	"fmt"
	"log/slog"
	"time"
)

// retentionChunk is how many messages are looked at, and at most deleted, in one transaction.
const retentionChunk = 10_000

// liveKeep is how long announcements of the live bus are kept: whoever missed them for longer has compared since.
const liveKeep = time.Minute

// Retention deletes old messages that every position of their topic has passed. Without a position nothing goes.
// Announcements of the live bus, which has no positions, go by age alone.
type Retention struct {
	db       Executor
	keep     time.Duration
	interval time.Duration
	log      *slog.Logger
}

// NewRetention keeps messages for at least keep and sweeps every interval. db is a pool.
func NewRetention(db Executor, keep, interval time.Duration, log *slog.Logger) *Retention {
	return &Retention{db: db, keep: keep, interval: interval, log: log}
}

// Run sweeps at once and then every interval until ctx is done. A sweep that fails is told and tried again with the
// next one. Several servers may sweep at once. It returns nil.
func (r *Retention) Run(ctx context.Context) error {
	for ctx.Err() == nil {
		deleted, err := r.Sweep(ctx)
		if err != nil && ctx.Err() == nil {
			r.log.WarnContext(ctx, "old messages cannot be deleted", "error", err)
		}
		if deleted > 0 {
			r.log.DebugContext(ctx, "old messages deleted", "count", deleted)
		}
		pause(ctx, r.interval)
	}
	return nil
}

// Sweep deletes what may go now and returns how many messages went, also together with an error.
func (r *Retention) Sweep(ctx context.Context) (deleted int64, err error) {
	for _, topic := range Topics() {
		n, err := r.sweep(ctx, sweepChunk(topic), r.keep)
		if deleted += n; err != nil {
			return deleted, fmt.Errorf("delete old messages of %s: %w", topic, err)
		}
	}
	n, err := r.sweep(ctx, sweepLive(), liveKeep)
	if deleted += n; err != nil {
		return deleted, fmt.Errorf("delete old announcements: %w", err)
	}
	return deleted, nil
}

// sweep deletes chunk by chunk what is older than keep.
func (r *Retention) sweep(ctx context.Context, chunk string, keep time.Duration) (deleted int64, err error) {
	for {
		tag, err := r.db.Exec(ctx, chunk, keep.Seconds())
		if err != nil {
			return deleted, err
		}
		deleted += tag.RowsAffected()
		if tag.RowsAffected() == 0 {
			return deleted, nil
		}
	}
}

func sweepLive() string {
	return fmt.Sprintf(`
DELETE FROM %[1]s WHERE ctid = ANY (ARRAY(
	SELECT id FROM (SELECT ctid AS id, created_at FROM %[1]s ORDER BY transaction_id, "offset" LIMIT %[2]d) oldest
	WHERE created_at < now() - make_interval(secs => $1)
))`, messagesTable(Live), retentionChunk)
}

// sweepChunk looks at the oldest messages only: their order is about that of their age, so when none of them may go,
// none behind them has to. It deletes by ctid, which goes in one order everywhere: two servers cannot block each other
// for good. A batch that was cut lies outside of the position until its last part is acknowledged.
func sweepChunk(topic string) string {
	return fmt.Sprintf(`
DELETE FROM %[1]s WHERE ctid = ANY (ARRAY(
	SELECT id FROM (
		SELECT ctid AS id, created_at, transaction_id FROM %[1]s ORDER BY transaction_id, "offset" LIMIT %[3]d
	) oldest
	WHERE created_at < now() - make_interval(secs => $1)
		AND EXISTS (SELECT FROM %[2]s)
		AND NOT EXISTS (SELECT FROM %[2]s WHERE NOT pg_visible_in_snapshot(oldest.transaction_id, position))
))`, messagesTable(topic), positionsTable(topic), retentionChunk)
}
