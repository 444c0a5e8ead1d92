package command

import (
	"context"
	"fmt"
	"time"

	"github.com/ThreeDotsLabs/watermill/message"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/brickboard/brickboard/domain"
	"github.com/brickboard/brickboard/internal/messaging"
	"github.com/brickboard/brickboard/queries"
)

// Waker tells subscribers that topics have new messages. It must not block.
type Waker interface {
	Wake(topics ...string)
}

// Service carries commands out.
type Service struct {
	pool   *pgxpool.Pool
	q      *queries.Queries
	outbox messaging.Outbox
	waker  Waker
	now    func() time.Time
}

// NewService works on pool, wakes waker after each commit that wrote an event, and takes the time from now.
func NewService(pool *pgxpool.Pool, waker Waker, now func() time.Time) *Service {
	return &Service{pool: pool, q: queries.New(), waker: waker, now: now}
}

// unit is what one transaction writes for one collector: rows and events are queued and sent together.
type unit struct {
	*Service
	collector domain.CollectorID
	pipe      *queries.Pipeline
	events    int
}

func (s *Service) unit(collector domain.CollectorID, db queries.DBTX) *unit {
	return &unit{Service: s, collector: collector, pipe: queries.NewPipeline(db)}
}

// record queues an event for the outbox.
func (u *unit) record(ctx context.Context, e domain.Event) error {
	metadata, payload, err := e.Encode()
	if err != nil {
		return fmt.Errorf("encode event: %w", err)
	}
	msg := message.NewMessageWithContext(ctx, e.ID.String(), payload)
	msg.Metadata = metadata
	u.events++
	return u.outbox.Append(ctx, u.pipe, string(u.collector), msg)
}

// wake is for after the commit.
func (u *unit) wake() {
	if u.events > 0 {
		u.waker.Wake(messaging.TopicFor(string(u.collector)))
	}
}

// newID is a UUIDv7, so that ids of one process grow with time.
func newID() uuid.UUID {
	return uuid.Must(uuid.NewV7())
}
