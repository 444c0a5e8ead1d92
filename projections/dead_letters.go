package projections

import (
	"context"
	"errors"
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

// RetryDeadLetters projects those with these ids, all without any. It returns how many it tried, and those that are
// still dead; an error also when some wait for a lock now, which whoever Runs an engine projects when it goes.
func (e *Engine) RetryDeadLetters(ctx context.Context, ids ...string) (tried int, left []DeadLetter, err error) {
	rows, err := e.dead(ctx, ids)
	if err != nil || len(rows) == 0 {
		return 0, nil, err
	}
	tried = len(rows)
	ids = ids[:0:0]
	var waits error
	for _, r := range rows {
		ids = append(ids, r.EventID)
		switch err := e.retry(ctx, r); {
		case sqlState(err) == lockNotAvailable:
			waits = errors.Join(waits, err)
		case err != nil:
			return tried, nil, err
		}
	}
	left, err = e.DeadLetters(ctx, ids...)
	return tried, left, errors.Join(waits, err)
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
