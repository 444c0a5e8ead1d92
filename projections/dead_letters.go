package projections

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/brickboard/brickboard/domain"
	"github.com/brickboard/brickboard/internal/messaging"
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
// still dead.
func (e *Engine) RetryDeadLetters(ctx context.Context, ids ...string) (tried int, left []DeadLetter, err error) {
	rows, err := e.dead(ctx, ids)
	if err != nil || len(rows) == 0 {
		return 0, nil, err
	}
	tried = len(rows)
	ids = ids[:0:0]
	for _, r := range rows {
		ids = append(ids, r.EventID)
		if err := e.retry(ctx, r); err != nil {
			return tried, nil, err
		}
	}
	left, err = e.DeadLetters(ctx, ids...)
	return tried, left, err
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

func (e *Engine) heal(ctx context.Context) error {
	healed, err := e.q.ParkedEventsHeal(ctx, e.pool)
	if err != nil {
		return fmt.Errorf("heal dead letters: %w", err)
	}
	for _, id := range healed {
		e.log.InfoContext(ctx, "dead letter healed", "event_id", id)
	}
	return nil
}

// revive retries the dead letters that could not be read when they were parked and now can.
func (e *Engine) revive(ctx context.Context) error {
	rows, err := e.dead(ctx, nil)
	if err != nil {
		return err
	}
	for _, r := range rows {
		if _, err := domain.DecodeEvent(r.Metadata, r.Payload); err != nil || r.State != stateUnreadable {
			continue
		}
		if err := e.retry(ctx, r); err != nil {
			return err
		}
	}
	return nil
}

// retry gives one dead letter another chance. What could not be read of it may be known now, so it is parked anew where
// it stays dead or has to wait.
func (e *Engine) retry(ctx context.Context, dead queries.ParkedEvent) error {
	event, err := domain.DecodeEvent(dead.Metadata, dead.Payload)
	if err != nil {
		return e.stillDead(ctx, dead, stateUnreadable, err)
	}
	err = e.project(ctx, e.pool, batch{topic: dead.Topic, items: []item{{recordOf(dead), event}}, parked: true, wait: true})
	switch state := sqlState(err); {
	case err == nil:
		return e.removeMisfiled(ctx, dead, event)
	case refused(state):
		return e.stillDead(ctx, dead, stateRefused, err)
	default:
		return fmt.Errorf("retry event %s: %w", dead.EventID, err)
	}
}

func (e *Engine) stillDead(ctx context.Context, dead queries.ParkedEvent, state string, cause error) error {
	return e.q.ParkedEventsTried(ctx, e.pool, queries.ParkedEventsTriedParams{
		UserIDs: []string{dead.UserID}, EventIDs: []string{dead.EventID}, State: state, Error: cause.Error(), TriedAt: time.Now(),
	})
}

// removeMisfiled removes a letter that was parked without its collector, under another key than the event has now.
func (e *Engine) removeMisfiled(ctx context.Context, dead queries.ParkedEvent, event domain.Event) error {
	if dead.UserID == string(event.Collector()) {
		return nil
	}
	return e.q.ParkedEventsRemove(ctx, e.pool, queries.ParkedEventsRemoveParams{UserIDs: []string{dead.UserID}, EventIDs: []string{dead.EventID}})
}

func recordOf(p queries.ParkedEvent) messaging.Record {
	return messaging.Record{UUID: p.EventID, Metadata: p.Metadata, Payload: p.Payload}
}
