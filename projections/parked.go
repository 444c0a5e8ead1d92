package projections

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
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

// queueParked parks the items whose collectors the transaction did not get.
func (e *Engine) queueParked(ctx context.Context, pipe *queries.Pipeline, b batch, c *changes) error {
	if b.parked {
		return nil
	}
	out := c.those(b.items, false)
	if len(out) == 0 {
		return nil
	}
	c.waiting = len(out)
	return e.q.ParkedEventsWait(ctx, pipe, waiting(b.topic, stateLocked, "the collector is being rebuilt or locked", out))
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
	_, err := e.q.ParkedEventsTried(ctx, e.pool, queries.ParkedEventsTriedParams{
		UserIDs: keys.UserIDs, EventIDs: keys.EventIDs, State: state, Error: cause, TriedAt: time.Now(),
	})
	if err != nil {
		return fmt.Errorf("note an attempt: %w", err)
	}
	return nil
}

// bury keeps dead letters, in one statement, with what can be read of them, and tells those that were not dead before.
func (e *Engine) bury(ctx context.Context, topic, state string, letters ...letter) error {
	if len(letters) == 0 {
		return nil
	}
	p := queries.ParkedEventsBuryParams{Topic: topic, State: state, ParkedAt: time.Now()}
	causes := make(map[string]error, len(letters))
	for _, l := range letters {
		userID, aggregate, version := readable(l.Record)
		p.UserIDs, p.EventIDs, p.Errors = append(p.UserIDs, userID), append(p.EventIDs, l.UUID), append(p.Errors, l.cause.Error())
		p.AggregateIDs, p.Versions = append(p.AggregateIDs, aggregate), append(p.Versions, version)
		p.Metadata, p.Payloads = append(p.Metadata, l.Metadata), append(p.Payloads, l.Payload)
		causes[l.UUID] = l.cause
	}
	buried, err := e.q.ParkedEventsBury(ctx, e.pool, p)
	if err != nil {
		return fmt.Errorf("park dead letters: %w", err)
	}
	for _, id := range buried {
		e.tellDead(ctx, topic, state, id, causes[id])
	}
	return nil
}

func (e *Engine) tellDead(ctx context.Context, topic, state, id string, cause error) {
	e.metrics.parked(topic, "dead", 1)
	e.log.ErrorContext(ctx, "event cannot be projected", "event_id", id, "topic", topic, "state", state, "error", cause)
}

// unparked are those of the items that are neither dead nor waiting.
func (e *Engine) unparked(ctx context.Context, items []item) ([]item, error) {
	parked, err := e.q.ParkedEventsAmong(ctx, e.pool, queries.ParkedEventsAmongParams(keysOf(items)))
	if err != nil {
		return nil, fmt.Errorf("look for parked events: %w", err)
	}
	known := make(map[string]bool, len(parked))
	for _, id := range parked {
		known[id] = true
	}
	return slices.DeleteFunc(slices.Clone(items), func(i item) bool { return known[i.UUID] }), nil
}

// readable is what can be read of a record's metadata: whose event it is, of which aggregate, at which version. The rest
// is zero.
func readable(r messaging.Record) (userID string, aggregate uuid.UUID, version int64) {
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
		aggregate = id
	}
	return userID, aggregate, max(0, metadata.Version)
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
