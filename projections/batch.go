package projections

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/brickboard/brickboard/queries"
)

// The bounds of a transaction's wait for rows that somebody else holds: the second is that of a part of a batch which has
// waited as a whole.
const (
	lockTimeout = time.Second
	partTimeout = 100 * time.Millisecond
)

// batch is what one transaction projects.
type batch struct {
	topic string
	items []item
	// parked says that the items come from the parked events: they leave these when they are projected and announced.
	parked bool
	// part says that the items failed in a larger batch: which of them are to blame is being narrowed down.
	part bool
	// wait says to wait for the collectors, up to lockTimeout; else those that somebody holds are left out.
	wait bool
}

// attempt projects the batch in one transaction, in three round trips: begin, lock and read; write; commit. The items of
// collectors that it could not lock are parked as waiting. It returns what it did, committed and not yet announced.
func (e *Engine) attempt(ctx context.Context, db queries.DBTX, b batch) (*changes, error) {
	events := newest(b.items)
	opening := queries.NewPipeline(db)
	opening.Begin(pgx.TxOptions{})
	c, err := e.open(ctx, opening, events, b)
	err = errors.Join(err, opening.Run(ctx))
	tx := opening.Tx()
	if tx != nil {
		defer func() { _ = tx.Rollback(context.WithoutCancel(ctx)) }()
	}
	if err != nil {
		return nil, &lockError{step: "begin, lock and read", err: err, locked: true}
	}
	if err := e.write(ctx, tx, b, c); err != nil {
		return nil, &lockError{step: "write batch", err: err}
	}
	if err := tx.Commit(ctx); err != nil {
		return nil, fmt.Errorf("commit: %w", err)
	}
	return c, nil
}

// open queues the locks and, behind them, what has to be read: it sees what the locks protect. What was projected of
// collectors that are not locked is read in vain.
func (e *Engine) open(ctx context.Context, pipe *queries.Pipeline, events latest, b batch) (*changes, error) {
	collectors := events.collectors()
	timeout := lockTimeout
	if b.part {
		timeout = partTimeout
	}
	if err := errors.Join(
		e.q.TransactionOfBatch(ctx, pipe, timeout.String()),
		e.q.CollectorRevisionsEnsure(ctx, pipe, collectors),
	); err != nil {
		return nil, err
	}
	locking := e.lockFree
	if b.wait {
		locking = e.lockWaiting
	}
	locked := locking(ctx, pipe, collectors)
	states := e.queueStates(ctx, pipe, events)
	shown := e.queueRecent(ctx, pipe, collectorsOf(events.mocs))
	c := &changes{collectors: make(map[string]*collector, len(collectors))}
	for _, take := range []func(*changes) error{locked, states, shown} {
		if err := take(c); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// lockFree queues the lock of those collectors that nobody holds, and returns what takes the result.
func (e *Engine) lockFree(ctx context.Context, pipe *queries.Pipeline, collectors []string) func(*changes) error {
	results := e.q.CollectorRevisionsLockFree(ctx, pipe, [][]string{collectors})
	return func(c *changes) (failure error) {
		results.Query(func(_ int, rows []queries.CollectorRevisionsLockFreeRow, err error) {
			for _, row := range rows {
				c.collectors[row.UserID] = &collector{revision: row.Revision}
			}
			failure = err
		})
		return failure
	}
}

func (e *Engine) lockWaiting(ctx context.Context, pipe *queries.Pipeline, collectors []string) func(*changes) error {
	results := e.q.CollectorRevisionsLock(ctx, pipe, [][]string{collectors})
	return func(c *changes) (failure error) {
		results.Query(func(_ int, rows []queries.CollectorRevisionsLockRow, err error) {
			for _, row := range rows {
				c.collectors[row.UserID] = &collector{revision: row.Revision}
			}
			failure = err
		})
		return failure
	}
}

// write sends everything that the batch changes in one round trip.
func (e *Engine) write(ctx context.Context, tx pgx.Tx, b batch, c *changes) error {
	pipe := queries.NewPipeline(tx)
	if c.size() > 0 {
		all := sections(e.q)
		for _, s := range all {
			s.reduce(c)
		}
		if err := e.putStates(ctx, pipe, c); err != nil {
			return fmt.Errorf("queue states: %w", err)
		}
		for _, s := range all {
			if err := s.write(ctx, pipe, c); err != nil {
				return fmt.Errorf("queue section: %w", err)
			}
		}
		if err := e.advance(ctx, pipe, c); err != nil {
			return fmt.Errorf("queue revisions: %w", err)
		}
	}
	if err := e.queueParked(ctx, pipe, b, c); err != nil {
		return fmt.Errorf("queue parked events: %w", err)
	}
	return pipe.Run(ctx)
}
