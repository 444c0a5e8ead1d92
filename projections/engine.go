package projections

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/brickboard/brickboard/internal/messaging"
	"github.com/brickboard/brickboard/queries"
)

// Announcer tells all servers that collectors have come to revisions. What is announced is committed; the same may be
// announced again.
type Announcer interface {
	Announce(ctx context.Context, revisions []messaging.Revision) error
}

// Engine projects events. It is safe for concurrent use; batches that share a collector wait for each other.
type Engine struct {
	pool     *pgxpool.Pool
	q        *queries.Queries
	announce Announcer
	metrics  *Metrics
	log      *slog.Logger
}

// NewEngine projects through pool, from which each batch in work takes one connection.
func NewEngine(pool *pgxpool.Pool, announce Announcer, metrics *Metrics, log *slog.Logger) *Engine {
	return &Engine{pool: pool, q: queries.New(), announce: announce, metrics: metrics, log: log}
}

// Project takes one batch of a topic: when it returns nil, every event of it is committed to the read model and its
// collectors are announced. After an error the same batch must be given again; what of it was done then does no harm.
func (e *Engine) Project(ctx context.Context, topic string, records []messaging.Record) error {
	started := time.Now()
	events, err := decode(records)
	if err != nil {
		return err
	}
	done, err := e.project(ctx, newest(events))
	if err != nil {
		e.metrics.failed(topic)
		return err
	}
	if err := e.announce.Announce(ctx, done.revisions()); err != nil {
		return fmt.Errorf("announce revisions: %w", err)
	}
	e.metrics.projected(topic, len(events), done.size(), time.Since(started))
	e.log.DebugContext(ctx, "batch projected", "topic", topic, "events", len(events), "changes", done.size(),
		"collectors", len(done.collectors))
	return nil
}

func (e *Engine) project(ctx context.Context, events latest) (*changes, error) {
	tx, err := e.pool.Begin(ctx)
	if err != nil {
		return nil, fmt.Errorf("begin: %w", err)
	}
	defer func() { _ = tx.Rollback(context.WithoutCancel(ctx)) }()
	c, err := e.lock(ctx, tx, events.collectors())
	if err != nil {
		return nil, err
	}
	if err := e.compare(ctx, tx, events, c); err != nil {
		return nil, err
	}
	if err := e.write(ctx, tx, c); err != nil {
		return nil, err
	}
	if err := tx.Commit(ctx); err != nil {
		return nil, fmt.Errorf("commit: %w", err)
	}
	return c, nil
}

// lock holds the collectors until the transaction ends. What the transaction reads afterwards sees what it waited for.
func (e *Engine) lock(ctx context.Context, tx pgx.Tx, collectors []string) (*changes, error) {
	if err := e.q.CollectorRevisionsEnsure(ctx, tx, collectors); err != nil {
		return nil, fmt.Errorf("ensure collectors: %w", err)
	}
	rows, err := e.q.CollectorRevisionsLock(ctx, tx, collectors)
	if err != nil {
		return nil, fmt.Errorf("lock collectors: %w", err)
	}
	c := &changes{collectors: make(map[string]*collector, len(rows))}
	for _, row := range rows {
		c.collectors[row.UserID] = &collector{revision: row.Revision}
	}
	return c, nil
}

// write sends everything that the batch changes in one round trip.
func (e *Engine) write(ctx context.Context, tx pgx.Tx, c *changes) error {
	if c.size() == 0 {
		return nil
	}
	all := sections(e.q)
	for _, p := range all {
		if err := p.reduce(ctx, tx, c); err != nil {
			return fmt.Errorf("reduce: %w", err)
		}
	}
	pipe := queries.NewPipeline(tx)
	if err := e.putStates(ctx, pipe, c); err != nil {
		return fmt.Errorf("queue states: %w", err)
	}
	for _, p := range all {
		if err := p.write(ctx, pipe, c); err != nil {
			return fmt.Errorf("queue section: %w", err)
		}
	}
	if err := e.advance(ctx, pipe, c); err != nil {
		return fmt.Errorf("queue revisions: %w", err)
	}
	if err := pipe.Run(ctx); err != nil {
		return fmt.Errorf("write batch: %w", err)
	}
	return nil
}
