package projections

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/brickboard/brickboard/queries"
)

// Check is one thing that a doctor looked at. Found says how it is; Advice what to do, empty when it is well.
type Check struct {
	Name   string `json:"check"`
	Found  string `json:"found"`
	Advice string `json:"advice,omitempty"`
}

// Examine looks at everything that projections depend on in a database whose schema is up to date, and mends its
// identity where that changed. What stands still for longer than patient is wrong.
func Examine(ctx context.Context, conn *pgx.Conn, patient time.Duration, log *slog.Logger) ([]Check, error) {
	identity := Check{Name: "identity", Found: "the database is the one that was projected in"}
	mended, err := CheckIdentity(ctx, conn, log)
	if err != nil {
		return nil, err
	}
	if mended {
		identity.Found = "the database was another one than before; its events are delivered again, and a new epoch has begun"
	}
	lag, err := ReadLag(ctx, conn)
	if err != nil {
		return []Check{identity}, err
	}
	subscribers, err := queries.New().TransactionSubscribers(ctx, conn)
	if err != nil {
		return []Check{identity}, fmt.Errorf("look for servers: %w", err)
	}
	checks := []Check{identity, positionsCheck(lag), deliveryCheck(lag, subscribers, patient), waitingCheck(lag, patient)}
	letters := Check{Name: "dead letters", Found: fmt.Sprint(lag.DeadLetters)}
	if lag.DeadLetters > 0 {
		letters.Advice = "see 'brickboard dead-letters list'; when the cause is gone, 'brickboard dead-letters retry --all' or 'brickboard rebuild-projections'"
	}
	return append(checks, letters), nil
}

func positionsCheck(l Lag) Check {
	c := Check{Name: "positions", Found: "every topic has one"}
	var without []string
	for _, topic := range slices.Sorted(maps.Keys(l.Topics)) {
		if l.Topics[topic].Position == "" {
			without = append(without, topic)
		}
	}
	if len(without) > 0 {
		c.Found = "none for " + strings.Join(without, ", ")
		c.Advice = "without one nothing is projected: insert ('projections', '1:1:') into watermill_offsets_<topic>; its events are delivered again"
	}
	return c
}

func deliveryCheck(l Lag, subscribers int64, patient time.Duration) Check {
	c := Check{Name: "delivery"}
	var unread int64
	var age time.Duration
	for _, t := range l.Topics {
		unread, age = unread+t.Unread, max(age, t.UnreadAge)
	}
	c.Found = fmt.Sprintf("%d events unread, the oldest for %.0f s; %d connections of servers that project", unread, age.Seconds(), subscribers)
	switch {
	case unread > 0 && subscribers == 0:
		c.Advice = "start 'brickboard serve', without --no-projections"
	case age > patient:
		c.Advice = "see the cause at /readyz of the servers' admin address; a backlog that shrinks needs only time"
	}
	return c
}

func waitingCheck(l Lag, patient time.Duration) Check {
	c := Check{Name: "waiting events", Found: fmt.Sprint(l.Waiting())}
	for _, topic := range slices.Sorted(maps.Keys(l.Topics)) {
		if t := l.Topics[topic]; t.WaitingAge > patient {
			c.Found += fmt.Sprintf("; %s for %.0f s: %s", topic, t.WaitingAge.Seconds(), t.WaitsFor)
			c.Advice = "end the transaction that holds the lock (pg_terminate_backend), or start 'brickboard serve' where none runs"
		}
	}
	return c
}
