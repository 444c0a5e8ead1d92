package command

import (
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/brickboard/brickboard/domain"
	"github.com/brickboard/brickboard/internal/messaging"
	"github.com/brickboard/brickboard/internal/testsupport"
)

func TestMain(m *testing.M) { testsupport.Main(m) }

// bundle is a service over a database of its own; the collector's id is the test's own too.
type bundle struct {
	pool       *pgxpool.Pool
	service    *Service
	collection *Collection
	woken      *woken
	id         domain.CollectorID
}

func setup(t *testing.T) bundle {
	t.Helper()
	pool, woken := testsupport.Database(t), &woken{}
	return bundle{
		pool: pool, woken: woken, service: NewService(pool, woken, time.Now), collection: NewCollection(pool),
		id: domain.CollectorID(uuid.NewString()),
	}
}

type woken struct {
	mu     sync.Mutex
	topics []string
}

func (w *woken) Wake(topics ...string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.topics = append(w.topics, topics...)
}

// events are type and version of what the outbox holds of the collector, in order.
func (b bundle) events(t *testing.T) (events []string) {
	t.Helper()
	err := b.pool.QueryRow(t.Context(), `SELECT coalesce(array_agg((metadata->>'type') || ' ' || (metadata->>'version') ORDER BY "offset"), '{}')
		FROM watermill_`+messaging.TopicFor(string(b.id))+` WHERE metadata->>'user_id' = $1`, b.id).Scan(&events)
	require.NoError(t, err)
	return events
}

func (b bundle) addMOC(t *testing.T) domain.MOC {
	t.Helper()
	moc, err := b.service.AddMOC(t.Context(), AddMOC{b.id, domain.MOCDraft{Title: "Keep", Theme: "Castle", Parts: domain.Parts{Total: 10, Owned: 1, Ordered: 2}}})
	require.NoError(t, err)
	return moc
}

func ptr[T any](v T) *T { return &v }
