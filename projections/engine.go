package projections

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/brickboard/brickboard/internal/messaging"
	"github.com/brickboard/brickboard/queries"
)

// announceTimeout bounds the announcement of what is committed, which is made although the batch's context has ended.
const announceTimeout = 5 * time.Second

// Announcer tells all servers that collectors have come to revisions. What is announced is committed; the same may be
// announced again.
type Announcer interface {
	Announce(ctx context.Context, revisions []messaging.Revision) error
}

// Engine projects events. It is safe for concurrent use; a collector that another batch holds waits as a parked event.
type Engine struct {
	pool     *pgxpool.Pool
	q        *queries.Queries
	announce Announcer
	metrics  *Metrics
	log      *slog.Logger

	mu       sync.Mutex
	failures map[string]string // by topic: why its newest batch failed
}

// NewEngine projects through pool, from which each batch in work takes one connection, and Run two.
func NewEngine(pool *pgxpool.Pool, announce Announcer, metrics *Metrics, log *slog.Logger) *Engine {
	return &Engine{pool: pool, q: queries.New(), announce: announce, metrics: metrics, log: log, failures: map[string]string{}}
}

// Project takes one batch of a topic: when it returns nil, every event of it is committed to the read model and its
// collector announced, or it is parked. After an error the same batch must be given again; what of it was done then
// does no harm.
func (e *Engine) Project(ctx context.Context, topic string, records []messaging.Record) error {
	started := time.Now()
	items, bad := decode(records)
	err := e.bury(ctx, topic, stateUnreadable, bad...)
	if err == nil {
		err = e.settle(ctx, batch{topic: topic, items: items})
	}
	e.note(topic, err)
	if err != nil {
		e.metrics.failed(topic)
		return err
	}
	e.metrics.took(topic, time.Since(started))
	return nil
}

// project makes one attempt and announces what it committed.
func (e *Engine) project(ctx context.Context, db queries.DBTX, b batch) error {
	done, err := e.attempt(ctx, db, b)
	if err != nil {
		return err
	}
	if err := e.tell(ctx, db, b, done); err != nil {
		return err
	}
	e.metrics.projected(b.topic, done.covered(b.items), done.size())
	e.metrics.parked(b.topic, "waiting", done.waiting)
	e.log.DebugContext(ctx, "batch projected", "topic", b.topic, "events", len(b.items), "changes", done.size(),
		"collectors", len(done.collectors))
	return nil
}

// tell announces what the batch committed. What was parked leaves the parked events only then: a kill in between leaves
// it there, to be announced with the next attempt.
func (e *Engine) tell(ctx context.Context, db queries.DBTX, b batch, done *changes) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), announceTimeout)
	defer cancel()
	if err := e.announce.Announce(ctx, done.revisions()); err != nil {
		return fmt.Errorf("announce revisions: %w", err)
	}
	if !b.parked {
		return nil
	}
	projected := keysOf(done.those(b.items, true))
	if err := e.q.ParkedEventsRemove(ctx, db, queries.ParkedEventsRemoveParams(projected)); err != nil {
		return fmt.Errorf("remove parked events: %w", err)
	}
	return nil
}

func (e *Engine) note(topic string, err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	delete(e.failures, topic)
	if err != nil {
		e.failures[topic] = err.Error()
	}
}

// Failure says why the topic's newest batch could not be projected here; empty when it could, or when there was none.
func (e *Engine) Failure(topic string) string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.failures[topic]
}
