package projections

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/brickboard/brickboard/internal/messaging"
	"github.com/brickboard/brickboard/queries"
)

const (
	monitorInterval = time.Second
	monitorTimeout  = 5 * time.Second // of one look
)

// Monitor looks at intervals how far the read model is behind, keeps the metrics of it, and knows what stands still.
type Monitor struct {
	db      queries.DBTX
	q       *queries.Queries
	failure func(topic string) string
	patient time.Duration
	metrics *healthMetrics
	log     *slog.Logger
	moved   map[string]movement // by topic

	mu    sync.Mutex
	cause error
}

// movement is since when a topic with unread messages is where it is.
type movement struct {
	position string
	since    time.Time
}

// NewMonitor looks through db, which nobody else uses: a pool full of waiters must not hide itself. What stands still
// for longer than patient is blocked. failure says why a topic's newest batch failed in this process, if it did.
func NewMonitor(db queries.DBTX, patient time.Duration, failure func(topic string) string, r prometheus.Registerer, log *slog.Logger) *Monitor {
	return &Monitor{
		db: db, q: queries.New(), failure: failure, patient: patient, metrics: newHealthMetrics(r), log: log,
		moved: map[string]movement{},
	}
}

// Run looks until ctx is done. It returns nil.
func (m *Monitor) Run(ctx context.Context) error {
	tick := time.NewTicker(monitorInterval)
	defer tick.Stop()
	for {
		m.look(ctx)
		select {
		case <-tick.C:
		case <-ctx.Done():
			return nil
		}
	}
}

// Blocked says what stands still, or why that is not known; nil when nothing does, and before the first look.
func (m *Monitor) Blocked() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.cause
}

func (m *Monitor) look(ctx context.Context) {
	looking, cancel := context.WithTimeout(ctx, monitorTimeout)
	defer cancel()
	l, err := ReadLag(looking, m.db)
	if err == nil {
		m.metrics.set(l)
		err = m.blocked(looking, l, time.Now())
	}
	m.mu.Lock()
	before := m.cause
	m.cause = err
	m.mu.Unlock()
	switch {
	case ctx.Err() != nil:
	case err != nil && before == nil:
		m.log.WarnContext(ctx, "projections stand still", "error", err)
	case err == nil && before != nil:
		m.log.InfoContext(ctx, "projections go on")
	}
}

func (m *Monitor) blocked(ctx context.Context, l Lag, now time.Time) error {
	var causes []error
	for _, topic := range slices.Sorted(maps.Keys(l.Topics)) {
		t := l.Topics[topic]
		if t.Position == "" {
			causes = append(causes, fmt.Errorf("%s has no position: run 'brickboard doctor'", topic))
			continue
		}
		if stood := m.stood(topic, t, now); stood > m.patient {
			causes = append(causes, fmt.Errorf("%s: no event was projected for %.0f s, %d are to come: %s",
				topic, stood.Seconds(), t.Unread, m.why(ctx, topic)))
		}
		if t.WaitingAge > m.patient {
			causes = append(causes, fmt.Errorf("%s: %d events wait, for %.0f s: %s", topic, t.Waiting, t.WaitingAge.Seconds(), t.WaitsFor))
		}
	}
	return errors.Join(causes...)
}

// stood is for how long the topic has had unread messages and not moved.
func (m *Monitor) stood(topic string, t TopicLag, now time.Time) time.Duration {
	have, ok := m.moved[topic]
	if t.Unread == 0 || !ok || have.position != t.Position {
		m.moved[topic] = movement{t.Position, now}
		if t.Unread == 0 {
			delete(m.moved, topic)
		}
		return 0
	}
	return now.Sub(have.since)
}

func (m *Monitor) why(ctx context.Context, topic string) string {
	if failure := m.failure(topic); failure != "" {
		return failure
	}
	rows, err := m.q.TransactionHoldersOfPosition(ctx, m.db, topic)
	if err != nil || len(rows) == 0 {
		return "no server is projecting it"
	}
	var others []queries.TransactionHoldersRow
	for _, r := range rows {
		if r.ApplicationName != messaging.SubscriberApplication {
			others = append(others, queries.TransactionHoldersRow(r))
		}
	}
	if len(others) == 0 {
		return "a server is at work on it: its own /readyz says more"
	}
	return describeHolders(others)
}
