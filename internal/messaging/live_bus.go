package messaging

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/ThreeDotsLabs/watermill"
	watermillsql "github.com/ThreeDotsLabs/watermill-sql/v4/pkg/sql"
	"github.com/ThreeDotsLabs/watermill/message"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Live is the topic of the live bus.
const Live = "live"

// Revision says that a collector has come to a revision. What changed is to be read.
type Revision struct {
	Collector string `json:"userId"`
	Revision  int64  `json:"revision"`
}

// Announcement is one message of the live bus.
type Announcement struct {
	At        time.Time  `json:"at"` // just after the commit, by the clock of the server that projected
	Revisions []Revision `json:"revisions"`
}

// LiveBus tells all servers of revisions. It is safe for concurrent use.
type LiveBus struct {
	publisher *watermillsql.Publisher
	waker     *Waker
}

// NewLiveBus publishes through pool, and wakes who reads the bus.
func NewLiveBus(pool *pgxpool.Pool, waker *Waker) (*LiveBus, error) {
	publisher, err := watermillsql.NewPublisher(watermillsql.BeginnerFromPgx(pool), watermillsql.PublisherConfig{SchemaAdapter: schema{}}, nil)
	if err != nil {
		return nil, fmt.Errorf("make live publisher: %w", err)
	}
	return &LiveBus{publisher: publisher, waker: waker}, nil
}

// Announce publishes one message, whatever the number of revisions; none, without any.
func (b *LiveBus) Announce(ctx context.Context, revisions []Revision) error {
	if len(revisions) == 0 {
		return nil
	}
	payload, err := json.Marshal(Announcement{At: time.Now(), Revisions: revisions})
	if err != nil {
		return fmt.Errorf("encode revisions: %w", err)
	}
	if err := b.publisher.Publish(Live, message.NewMessageWithContext(ctx, watermill.NewUUID(), payload)); err != nil {
		return fmt.Errorf("publish revisions: %w", err)
	}
	b.waker.Wake(Live)
	return nil
}
