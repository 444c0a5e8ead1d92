package projections

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/brickboard/brickboard/queries"
)

// DeadLetter is an event that could not be projected. What could not be read of it is empty or nil.
type DeadLetter struct {
	EventID     string
	Collector   string
	Topic       string
	State       string // UNREADABLE or REFUSED
	Error       string
	AggregateID *uuid.UUID
	Version     *int64
	Metadata    []byte
	Payload     []byte
	ParkedAt    time.Time
	TriedAt     time.Time
}

// DeadLetters are those with these ids, all without any, the oldest first. Those that healed are removed before.
func (e *Engine) DeadLetters(ctx context.Context, ids ...string) ([]DeadLetter, error) {
	rows, err := e.dead(ctx, ids)
	letters := make([]DeadLetter, len(rows))
	for i, r := range rows {
		letters[i] = DeadLetter{
			EventID: r.EventID, Collector: r.UserID, Topic: r.Topic, State: r.State, Error: r.Error, AggregateID: r.AggregateID,
			Version: r.Version, Metadata: r.Metadata, Payload: r.Payload, ParkedAt: r.ParkedAt.UTC(), TriedAt: r.TriedAt.UTC(),
		}
	}
	return letters, err
}

// Retried is what became of dead letters that were tried again.
type Retried struct {
	Tried   int
	Waiting int          // for a lock: whoever Runs an engine projects them when it goes
	Dead    []DeadLetter // still
}

// Projected counts those that are neither dead nor waiting any more.
func (r Retried) Projected() int { return r.Tried - r.Waiting - len(r.Dead) }

// RetryDeadLetters projects those with these ids, all without any.
func (e *Engine) RetryDeadLetters(ctx context.Context, ids ...string) (r Retried, err error) {
	rows, err := e.dead(ctx, ids)
	if err != nil || len(rows) == 0 {
		return r, err
	}
	ids = ids[:0:0]
	for _, row := range rows {
		ids = append(ids, row.EventID)
		waits, err := e.retry(ctx, row)
		if err != nil {
			return r, err
		}
		r.Tried++
		if waits {
			r.Waiting++
		}
	}
	r.Dead, err = e.DeadLetters(ctx, ids...)
	return r, err
}

// DiscardDeadLetters deletes those with these ids for good, and returns the ids that were there. The read model stays
// without them until it is rebuilt.
func (e *Engine) DiscardDeadLetters(ctx context.Context, ids ...string) ([]string, error) {
	discarded, err := e.q.ParkedEventsDiscard(ctx, e.pool, ids)
	if err != nil {
		return nil, fmt.Errorf("discard dead letters: %w", err)
	}
	return discarded, nil
}

func (e *Engine) dead(ctx context.Context, ids []string) ([]queries.ParkedEvent, error) {
	if err := e.heal(ctx); err != nil {
		return nil, err
	}
	if ids == nil {
		ids = []string{} // which is all; null would be none
	}
	rows, err := e.q.ParkedEventsDead(ctx, e.pool, ids)
	if err != nil {
		return nil, fmt.Errorf("read dead letters: %w", err)
	}
	return rows, nil
}
