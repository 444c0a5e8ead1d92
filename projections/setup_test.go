package projections

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"

	"github.com/brickboard/brickboard/domain/command"
	"github.com/brickboard/brickboard/internal/messaging"
	"github.com/brickboard/brickboard/internal/testsupport"
)

func TestMain(m *testing.M) { testsupport.Main(m) }

// bundle is an engine over a database of its own, and commands whose events nobody delivers but the test.
type bundle struct {
	ctx      context.Context
	pool     *pgxpool.Pool
	commands *command.Service
	engine   *Engine
	bus      *announcements
}

func setup(t *testing.T) bundle {
	t.Helper()
	pool := testsupport.Database(t)
	bus := &announcements{}
	return bundle{
		ctx: t.Context(), pool: pool, bus: bus,
		commands: command.NewService(pool, asleep{}, time.Now),
		engine:   NewEngine(pool, bus, NewMetrics(prometheus.NewRegistry()), testsupport.Logger(t)),
	}
}

type asleep struct{}

func (asleep) Wake(...string) {}

// announcements remembers what was announced, and fails while err is there.
type announcements struct {
	mu    sync.Mutex
	calls int
	told  []messaging.Revision
	err   error
}

func (a *announcements) Announce(_ context.Context, revisions []messaging.Revision) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.calls++
	a.told = append(a.told, revisions...)
	return a.err
}

// made counts the announcements.
func (a *announcements) made() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.calls
}

func (a *announcements) of(collector string) (revisions []int64) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, r := range a.told {
		if r.Collector == collector {
			revisions = append(revisions, r.Revision)
		}
	}
	return revisions
}

// outbox is every event that was written, in the order of writing.
func (b bundle) outbox(t require.TestingT) (records []messaging.Record) {
	for _, topic := range messaging.Topics() {
		rows, err := b.pool.Query(context.Background(),
			`SELECT uuid, metadata::text::bytea, payload FROM "watermill_`+topic+`" ORDER BY "offset"`)
		require.NoError(t, err)
		some, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (r messaging.Record, err error) {
			return r, row.Scan(&r.UUID, &r.Metadata, &r.Payload)
		})
		require.NoError(t, err)
		records = append(records, some...)
	}
	return records
}

func (b bundle) project(t require.TestingT, records ...messaging.Record) {
	require.NoError(t, b.engine.Project(context.Background(), messaging.Collection0, records))
}

// dump is a table's rows as text, in order.
func (b bundle) dump(t require.TestingT, sql string) []string {
	rows, err := b.pool.Query(context.Background(), "SELECT q::text FROM ("+sql+") q ORDER BY 1")
	require.NoError(t, err)
	lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	return lines
}
