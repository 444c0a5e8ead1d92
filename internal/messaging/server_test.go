package messaging

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/ThreeDotsLabs/watermill/message"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/brickboard/brickboard/internal/testsupport"
)

const (
	patience = 20 * time.Second      // for what has to happen
	prompt   = 5 * time.Second       // for what a wake-up has to bring, on a busy machine
	tick     = 2 * time.Millisecond  // between two looks
	never    = time.Hour             // a poll interval that no test lives to see
	often    = 10 * time.Millisecond // a poll interval that stands in for wake-ups
)

// server is a process with projections, as far as messaging goes.
type server struct {
	waker *Waker
	stop  func() error // ends it and returns what its Subscription's Run returned
}

func testConfig() SubscriptionConfig {
	config := DefaultSubscriptionConfig()
	config.PollInterval = often
	config.ResendInterval = time.Millisecond
	return config
}

func startServer(t testing.TB, db *pgxpool.Pool, config SubscriptionConfig, handler Handler) *server {
	t.Helper()
	log := testsupport.Logger(t)
	pool, err := pgxpool.NewWithConfig(t.Context(), SubscriberPool(db.Config(), config.AckDeadline))
	require.NoError(t, err)
	waker := NewWaker(pool, log)
	subscription, err := NewSubscription(pool, waker, log, config, handler)
	require.NoError(t, err)

	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { _ = waker.Run(ctx) })
	running.Go(func() { _ = NewListener(db.Config().ConnConfig, waker, log).Run(ctx) })
	ended := make(chan error, 1)
	running.Go(func() { ended <- subscription.Run(ctx) })
	s := &server{waker: waker, stop: sync.OnceValue(func() error {
		cancel()
		running.Wait()
		pool.Close()
		return <-ended
	})}
	t.Cleanup(func() { _ = s.stop() })
	return s
}

// inbox is what handlers were given.
type inbox struct {
	mu      sync.Mutex
	times   map[string]int // by UUID
	batches [][]Record
}

func (i *inbox) handle(_ context.Context, _ string, records []Record) error {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.times == nil {
		i.times = make(map[string]int)
	}
	for _, r := range records {
		i.times[r.UUID]++
	}
	i.batches = append(i.batches, records)
	return nil
}

func (i *inbox) uuids() map[string]int {
	i.mu.Lock()
	defer i.mu.Unlock()
	return maps.Clone(i.times)
}

func (i *inbox) sizes() (sizes []int) {
	i.mu.Lock()
	defer i.mu.Unlock()
	for _, batch := range i.batches {
		sizes = append(sizes, len(batch))
	}
	return sizes
}

func (i *inbox) records() []Record {
	i.mu.Lock()
	defer i.mu.Unlock()
	return slices.Concat(i.batches...)
}

func (i *inbox) has(id string) bool { return i.missing(id) == 0 }

func (i *inbox) missing(uuids ...string) (n int) {
	i.mu.Lock()
	defer i.mu.Unlock()
	for _, id := range uuids {
		if i.times[id] == 0 {
			n++
		}
	}
	return n
}

func (i *inbox) await(t *testing.T, uuids ...string) {
	t.Helper()
	require.EventuallyWithT(t, func(t *assert.CollectT) {
		assert.Zero(t, i.missing(uuids...), "messages are missing, of %d", len(uuids))
	}, patience, tick)
}

// collectorOf is a collector whose events go to the topic.
func collectorOf(topic string) string {
	for n := 0; ; n++ {
		if collector := fmt.Sprintf("collector-%d", n); TopicFor(collector) == topic {
			return collector
		}
	}
}

// appendNew appends n messages for a collector of the topic and returns their UUIDs.
func appendNew(t *testing.T, db Executor, topic string, n int) []string {
	t.Helper()
	uuids := make([]string, n)
	msgs := make([]*message.Message, n)
	for i := range msgs {
		uuids[i] = uuid.NewString()
		msgs[i] = message.NewMessage(uuids[i], []byte(`{"n":1}`))
		msgs[i].Metadata.Set("type", "moc.added.v1")
	}
	require.NoError(t, Outbox{}.Append(t.Context(), db, collectorOf(topic), msgs...))
	return uuids
}

func begin(t *testing.T, db *pgxpool.Pool) pgx.Tx {
	t.Helper()
	tx, err := db.Begin(t.Context())
	require.NoError(t, err)
	t.Cleanup(func() { _ = tx.Rollback(context.Background()) })
	return tx
}

func commit(t *testing.T, tx pgx.Tx) {
	t.Helper()
	require.NoError(t, tx.Commit(t.Context()))
}

func exec(t *testing.T, db Executor, sql string, args ...any) {
	t.Helper()
	_, err := db.Exec(t.Context(), sql, args...)
	require.NoError(t, err)
}

func count(t *testing.T, db *pgxpool.Pool, query string, args ...any) (n int) {
	t.Helper()
	require.NoError(t, db.QueryRow(t.Context(), query, args...).Scan(&n))
	return n
}
