package projections

import (
	"context"
	"fmt"
	"time"

	"github.com/brickboard/brickboard/internal/messaging"
	"github.com/brickboard/brickboard/queries"
)

// Lag is how far the read model is behind.
type Lag struct {
	Topics      map[string]TopicLag
	DeadLetters int64
}

// TopicLag is what of a topic is not projected: messages that were not read, and events that wait for a lock. The ages
// are those of the oldest, 0 without any.
type TopicLag struct {
	Unread     int64
	UnreadAge  time.Duration
	Waiting    int64
	WaitingAge time.Duration
	WaitsFor   string // what the oldest waiting event waits for
	Position   string // changes whenever a batch was acknowledged; empty when the topic has none
}

// Waiting counts the waiting events of all topics.
func (l Lag) Waiting() (n int64) {
	for _, t := range l.Topics {
		n += t.Waiting
	}
	return n
}

// ReadLag reads the lag through db, a connection or a pool.
func ReadLag(ctx context.Context, db queries.DBTX) (Lag, error) {
	q, l := queries.New(), Lag{Topics: map[string]TopicLag{}}
	unread, err := q.UnreadEventsLag(ctx, db)
	if err != nil {
		return Lag{}, fmt.Errorf("read unread events: %w", err)
	}
	positions, err := q.PositionsRead(ctx, db)
	if err != nil {
		return Lag{}, fmt.Errorf("read positions: %w", err)
	}
	waiting, err := q.ParkedEventsWaitingLag(ctx, db)
	if err != nil {
		return Lag{}, fmt.Errorf("read waiting events: %w", err)
	}
	if l.DeadLetters, err = q.ParkedEventsDeadCount(ctx, db); err != nil {
		return Lag{}, fmt.Errorf("count dead letters: %w", err)
	}
	for _, topic := range messaging.Topics() {
		var t TopicLag
		for _, u := range unread {
			if u.Topic == topic {
				t.Unread, t.UnreadAge = u.Events, seconds(u.OldestSeconds)
			}
		}
		for _, p := range positions {
			if p.Topic == topic {
				t.Position = p.Position
			}
		}
		for _, w := range waiting {
			if w.Topic == topic {
				t.Waiting, t.WaitingAge, t.WaitsFor = w.Events, seconds(w.OldestSeconds), w.Error
			}
		}
		l.Topics[topic] = t
	}
	return l, nil
}

func seconds(s float64) time.Duration {
	return max(0, time.Duration(s*float64(time.Second)))
}
