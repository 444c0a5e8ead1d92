package projections

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/brickboard/brickboard/domain"
	"github.com/brickboard/brickboard/internal/messaging"
	"github.com/brickboard/brickboard/queries"
)

// The states of parked events, as they are stored. The first two wait, the others are dead.
const (
	stateLocked     = "LOCKED"     // somebody holds the collector
	stateBlocked    = "BLOCKED"    // somebody holds another row that the event changes
	stateUnreadable = "UNREADABLE" // undecodable, or of a type or version that this program does not know
	stateRefused    = "REFUSED"    // by the data itself
)

// queueParked parks the items whose collectors the transaction did not get; of a batch that comes from the parked events
// it removes the others.
func (e *Engine) queueParked(ctx context.Context, pipe *queries.Pipeline, b batch, c *changes) error {
	var out []item
	for _, i := range b.items {
		if _, got := c.collectors[string(i.event.Collector())]; got == b.parked {
			out = append(out, i)
		}
	}
	switch {
	case len(out) == 0:
		return nil
	case b.parked:
		return e.q.ParkedEventsRemove(ctx, pipe, queries.ParkedEventsRemoveParams(keysOf(out)))
	default:
		c.waiting = len(out)
		return e.q.ParkedEventsWait(ctx, pipe, waiting(b.topic, stateLocked, "the collector is being rebuilt or locked", out))
	}
}

// park keeps the items until their locks can be taken.
func (e *Engine) park(ctx context.Context, b batch, state string, cause error) error {
	if b.parked {
		return e.tried(ctx, b.items, state, cause.Error())
	}
	if err := e.q.ParkedEventsWait(ctx, e.pool, waiting(b.topic, state, cause.Error(), b.items)); err != nil {
		return fmt.Errorf("park waiting events: %w", err)
	}
	e.metrics.parked(b.topic, "waiting", len(b.items))
	return nil
}

func (e *Engine) tried(ctx context.Context, items []item, state, cause string) error {
	keys := keysOf(items)
	err := e.q.ParkedEventsTried(ctx, e.pool, queries.ParkedEventsTriedParams{
		UserIDs: keys.UserIDs, EventIDs: keys.EventIDs, State: state, Error: cause, TriedAt: time.Now(),
	})
	if err != nil {
		return fmt.Errorf("note an attempt: %w", err)
	}
	return nil
}

// bury makes a dead letter of the batch's only item.
func (e *Engine) bury(ctx context.Context, b batch, cause error) error {
	i := b.items[0]
	return e.buryLetter(ctx, b.topic, stateRefused, i.Record, cause)
}

func (e *Engine) buryUnreadable(ctx context.Context, topic string, bad []unreadable) error {
	for _, u := range bad {
		if err := e.buryLetter(ctx, topic, stateUnreadable, u.Record, u.cause); err != nil {
			return err
		}
	}
	return nil
}

// buryLetter keeps what can be read of the record, and logs it when it was not dead before.
func (e *Engine) buryLetter(ctx context.Context, topic, state string, r messaging.Record, cause error) error {
	letter := queries.ParkedEventBuryParams{
		EventID: r.UUID, Topic: topic, State: state, Error: cause.Error(), Metadata: r.Metadata, Payload: r.Payload, ParkedAt: time.Now(),
	}
	letter.UserID, letter.AggregateID, letter.Version = readable(r)
	buried, err := e.q.ParkedEventBury(ctx, e.pool, letter)
	if err != nil {
		return fmt.Errorf("park dead letter: %w", err)
	}
	if buried > 0 {
		e.metrics.parked(topic, "dead", 1)
		e.log.ErrorContext(ctx, "event cannot be projected", "event_id", r.UUID, "topic", topic, "state", state, "error", cause)
	}
	return nil
}

// readable is what can be read of a record's metadata: whose event it is, of which aggregate, at which version.
func readable(r messaging.Record) (userID string, aggregate *uuid.UUID, version *int64) {
	var metadata struct {
		UserID      string `json:"user_id"`
		AggregateID string `json:"aggregate_id"`
		Version     int64  `json:"version,string"`
	}
	_ = json.Unmarshal(r.Metadata, &metadata) // what is wrong stays empty
	if id, err := domain.ParseCollectorID(metadata.UserID); err == nil {
		userID = string(id)
	}
	if id, err := uuid.Parse(metadata.AggregateID); err == nil {
		aggregate = &id
	}
	if metadata.Version > 0 {
		version = &metadata.Version
	}
	return userID, aggregate, version
}

type parkedKeys struct{ UserIDs, EventIDs []string }

func keysOf(items []item) (k parkedKeys) {
	for _, i := range items {
		k.UserIDs, k.EventIDs = append(k.UserIDs, string(i.event.Collector())), append(k.EventIDs, i.UUID)
	}
	return k
}

func waiting(topic, state, cause string, items []item) queries.ParkedEventsWaitParams {
	now := time.Now()
	p := queries.ParkedEventsWaitParams{Topic: topic, State: state, Error: cause, ParkedAt: now, TriedAt: now}
	for _, i := range items {
		id, version := i.event.Aggregate()
		p.UserIDs, p.EventIDs = append(p.UserIDs, string(i.event.Collector())), append(p.EventIDs, i.UUID)
		p.AggregateIDs, p.Versions = append(p.AggregateIDs, id), append(p.Versions, version)
		p.Metadata, p.Payloads = append(p.Metadata, i.Metadata), append(p.Payloads, i.Payload)
	}
	return p
}
