package command

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

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

// run takes three round trips: begin and lock, row and event, commit.
func (c change[A]) run(ctx context.Context, s *Service) (A, error) {
	var none A
	opening := queries.NewPipeline(s.pool)
	opening.Begin(pgx.TxOptions{})
	present, err := c.lock(ctx, opening)
	err = errors.Join(err, opening.Run(ctx))
	if tx := opening.Tx(); tx != nil {
		defer rollback(ctx, tx)
	}
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
	return next, c.commit(ctx, s, opening.Tx(), next)
}

func (c change[A]) commit(ctx context.Context, s *Service, tx pgx.Tx, next A) error {
	u := s.unit(c.collector, tx)
	if err := c.write(ctx, u, next); err != nil {
		return err
	}
	if err := u.pipe.Run(ctx); err != nil {
		return fmt.Errorf("write row and event: %w", err)
	}
	if err := tx.Commit(ctx); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	u.wake()
	return nil
}
