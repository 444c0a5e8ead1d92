package projections

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/jackc/pgx/v5"

	"github.com/brickboard/brickboard/internal/messaging"
	"github.com/brickboard/brickboard/queries"
)

// CheckIdentity holds the database of a new connection against the one that positions and revisions were counted in.
// Where it is another one (restored, copied, failed over) it mends once what depends on that: what was not projected
// is delivered again, and a new epoch begins. It says whether it had to.
func CheckIdentity(ctx context.Context, conn *pgx.Conn, log *slog.Logger) (mended bool, err error) {
	q := queries.New()
	was, err := q.DatabaseIdentityRead(ctx, conn)
	if err != nil {
		return false, fmt.Errorf("read the database's identity: %w", err)
	}
	if same(was) {
		return false, nil
	}
	tx, err := conn.Begin(ctx)
	if err != nil {
		return false, fmt.Errorf("begin: %w", err)
	}
	defer func() { _ = tx.Rollback(context.WithoutCancel(ctx)) }()
	if err := q.DatabaseIdentityLock(ctx, tx); err != nil {
		return false, fmt.Errorf("lock the database's identity: %w", err)
	}
	if was, err = q.DatabaseIdentityRead(ctx, tx); err != nil || same(was) { // somebody else was first
		return false, err
	}
	kept, err := takeIdentity(ctx, tx, was)
	if err != nil {
		return false, err
	}
	log.WarnContext(ctx, "this is another database than before: events are delivered again and a new epoch begins",
		"before", identity(was.KeptSystemIdentifier, was.KeptTimeline, was.KeptDatabaseOid),
		"now", identity(was.SystemIdentifier, was.Timeline, was.DatabaseOid), "events", kept)
	return true, nil
}

func same(r queries.DatabaseIdentityReadRow) bool {
	return r.KeptSystemIdentifier == r.SystemIdentifier && r.KeptTimeline == r.Timeline && r.KeptDatabaseOid == r.DatabaseOid
}

func takeIdentity(ctx context.Context, tx pgx.Tx, was queries.DatabaseIdentityReadRow) (kept int64, err error) {
	q := queries.New()
	if kept, err = messaging.Restart(ctx, tx, was.KeptSystemIdentifier != was.SystemIdentifier); err != nil {
		return 0, fmt.Errorf("restart topics: %w", err)
	}
	if err := q.EpochBegin(ctx, tx); err != nil {
		return 0, fmt.Errorf("begin epoch: %w", err)
	}
	if err := q.DatabaseIdentityTake(ctx, tx); err != nil {
		return 0, fmt.Errorf("take the database's identity: %w", err)
	}
	if err := tx.Commit(ctx); err != nil {
		return 0, fmt.Errorf("commit: %w", err)
	}
	return kept, nil
}

func identity(system int64, timeline string, database int64) string {
	return fmt.Sprintf("cluster %d, timeline %s, database %d", system, timeline, database)
}
