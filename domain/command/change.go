package command

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/brickboard/brickboard/domain"
	"github.com/brickboard/brickboard/queries"
)

// Versions are those that a change accepts to find (If-Match): nil accepts any, an empty list none.
type Versions []int64

func (v Versions) check(version int64) error {
	if v != nil && !slices.Contains(v, version) {
		return domain.ErrVersionMismatch
	}
	return nil
}

// change is one command on one stored aggregate A.
type change[A any] struct {
	collector domain.CollectorID
	expected  Versions
	// lock reads the aggregate and holds it until the transaction ends; pgx.ErrNoRows becomes missing.
	lock    func(context.Context, queries.DBTX) (A, error)
	missing error
	version func(A) int64
	// decide returns the next version, or the same one when nothing changes.
	decide func(A) (A, error)
	// write queues the row and the event of the next version.
	write func(context.Context, *unit, A) error
}

// run takes two round trips: begin and lock; then row, event and commit. A transaction object would cost a third.
func (c change[A]) run(ctx context.Context, s *Service) (A, error) {
	var none A
	conn, err := s.pool.Acquire(ctx)
	if err != nil {
		return none, fmt.Errorf("acquire connection: %w", err)
	}
	defer release(ctx, conn)
	present, err := c.begin(ctx, conn)
	if errors.Is(err, pgx.ErrNoRows) {
		return none, c.missing
	}
	if err != nil {
		return none, fmt.Errorf("begin and lock: %w", err)
	}
	if err := c.expected.check(c.version(present)); err != nil {
		return none, err
	}
	next, err := c.decide(present)
	if err != nil || c.version(next) == c.version(present) {
		return next, err
	}
	return next, c.commit(ctx, s, conn, next)
}

func (c change[A]) begin(ctx context.Context, conn *pgxpool.Conn) (A, error) {
	pipe := queries.NewPipeline(conn)
	_, queued := pipe.Exec(ctx, "BEGIN")
	present, err := c.lock(ctx, pipe)
	return present, errors.Join(queued, err, pipe.Run(ctx))
}

// commit relies on a pipeline's end at its first error: what failed is not committed.
func (c change[A]) commit(ctx context.Context, s *Service, conn *pgxpool.Conn, next A) error {
	u := s.unit(c.collector, conn)
	if err := c.write(ctx, u, next); err != nil {
		return err
	}
	_, queued := u.pipe.Exec(ctx, "COMMIT")
	if err := errors.Join(queued, u.pipe.Run(ctx)); err != nil {
		return fmt.Errorf("write row and event: %w", err)
	}
	u.wake()
	return nil
}

// release gives the connection back, without a transaction. One that cannot roll back is not used again by the pool.
func release(ctx context.Context, conn *pgxpool.Conn) {
	const idle = 'I'
	if conn.Conn().PgConn().TxStatus() != idle {
		_, _ = conn.Exec(context.WithoutCancel(ctx), "ROLLBACK")
	}
	conn.Release()
}
