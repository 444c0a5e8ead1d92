package live

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"

	"github.com/brickboard/brickboard/domain"
	"github.com/brickboard/brickboard/domain/command"
	"github.com/brickboard/brickboard/internal/messaging"
	"github.com/brickboard/brickboard/internal/testsupport"
	"github.com/brickboard/brickboard/projections"
	"github.com/brickboard/brickboard/readmodel"
	"github.com/brickboard/brickboard/transport/auth"
	"github.com/brickboard/brickboard/transport/rest"
)

func TestMain(m *testing.M) { testsupport.Main(m) }

const (
	secret   = "a secret of forty bytes, or a few more.."
	patience = 20 * time.Second
	tick     = 2 * time.Millisecond
)

// house is a database with projections, and as many servers as a test starts.
type house struct {
	pool     *pgxpool.Pool
	commands *command.Service
	reader   *readmodel.Reader
	signer   *auth.Signer
	bus      *messaging.LiveBus
	waker    *messaging.Waker // of the process that projects

	mu    sync.Mutex
	muted bool // what is projected is not announced, as by a process that is killed in between
}

func newHouse(t testing.TB) *house {
	t.Helper()
	pool, log := testsupport.Database(t), testsupport.Logger(t)
	h := &house{pool: pool, reader: readmodel.NewReader(pool, 1<<20), signer: auth.NewSigner([]byte(secret), "", "", nil)}
	h.waker = messaging.NewWaker(pool, log)
	h.commands = command.NewService(pool, h.waker, time.Now)
	var err error
	h.bus, err = messaging.NewLiveBus(pool, h.waker)
	require.NoError(t, err)
	config := messaging.DefaultSubscriptionConfig()
	subscribers, err := pgxpool.NewWithConfig(t.Context(), messaging.SubscriberPool(pool.Config(), config.AckDeadline))
	require.NoError(t, err)
	engine := projections.NewEngine(pool, h, projections.NewMetrics(prometheus.NewRegistry()), log)
	subscription, err := messaging.NewSubscription(subscribers, h.waker, log, config, engine.Project)
	require.NoError(t, err)
	run(t, subscription.Run, h.waker.Run, engine.Run)
	t.Cleanup(subscribers.Close)
	return h
}

// Announce is the engine's way to the live bus.
func (h *house) Announce(ctx context.Context, revisions []messaging.Revision) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.muted {
		return nil
	}
	return h.bus.Announce(ctx, revisions)
}

func (h *house) mute(muted bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.muted = muted
}

// run has the parts run until the test has ended, or the returned function is called.
func run(t testing.TB, parts ...func(context.Context) error) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	for _, part := range parts {
		running.Go(func() {
			if err := part(ctx); err != nil && !errors.Is(err, context.Canceled) {
				t.Error(err)
			}
		})
	}
	stop = sync.OnceFunc(func() { cancel(); running.Wait() })
	t.Cleanup(stop)
	return stop
}

// server is a process with sockets.
type server struct {
	*httptest.Server
	hub      *Hub
	registry *prometheus.Registry
	stop     func() // as a kill: nobody is told
}

// serve starts a server on the house's database.
func (h *house) serve(t testing.TB, changes ...func(*Config, *Deps)) *server {
	t.Helper()
	return h.serveAt(t, "127.0.0.1:0", changes...)
}

func (h *house) serveAt(t testing.TB, addr string, changes ...func(*Config, *Deps)) *server {
	t.Helper()
	log := testsupport.Logger(t)
	verifier, err := auth.NewVerifier(t.Context(), auth.Config{Secret: []byte(secret)}, log)
	require.NoError(t, err)
	origins, err := auth.NewOrigins([]string{"https://bricks.example"})
	require.NoError(t, err)
	registry := prometheus.NewRegistry()
	config := Config{Spread: -1}
	deps := Deps{Dashboards: h.reader, Verifier: verifier, Origins: origins, Metrics: registry, Log: log, Now: time.Now}
	for _, change := range changes {
		change(&config, &deps)
	}
	s := &server{hub: NewHub(config, deps), registry: registry}
	waker := messaging.NewWaker(h.pool, log)
	bus, err := messaging.NewLiveSubscription(h.pool, waker, log, 50*time.Millisecond, s.hub)
	require.NoError(t, err)
	listener := messaging.NewListener(h.pool.Config().ConnConfig, waker, log)
	stopParts := run(t, s.hub.Run, bus.Run, listener.Run)
	router := rest.NewRouter(rest.Deps{
		Commands: h.commands, Collection: command.NewCollection(h.pool), Dashboards: h.reader, Verifier: verifier,
		Origins: origins, Log: log, Ready: func(context.Context) error { return nil },
	})
	s.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, SocketIOPath) || r.URL.Path == PlainPath {
			s.hub.ServeHTTP(w, r)
			return
		}
		router.ServeHTTP(w, r)
	}))
	_ = s.Listener.Close()
	s.Listener, err = net.Listen("tcp", addr)
	require.NoError(t, err)
	s.Start()
	s.stop = sync.OnceFunc(func() {
		s.Listener.Close()
		ctx, cancel := context.WithCancel(context.Background())
		cancel() // cuts all off
		_ = s.hub.Shutdown(ctx)
		stopParts()
		s.CloseClientConnections()
		s.Close()
	})
	t.Cleanup(s.stop)
	return s
}

func (h *house) token(t testing.TB, collector domain.CollectorID) string {
	t.Helper()
	token, _, err := h.signer.Sign(collector, nil, time.Hour)
	require.NoError(t, err)
	return token
}

// metric is the sum of a metric's values that have all of these among their labels' values.
func (s *server) metric(t testing.TB, name string, labels ...string) float64 {
	t.Helper()
	families, err := s.registry.Gather()
	require.NoError(t, err)
	sum := 0.0
	for _, family := range families {
		if family.GetName() != name {
			continue
		}
		for _, m := range family.GetMetric() {
			matching := 0
			for _, label := range m.GetLabel() {
				if slices.Contains(labels, label.GetValue()) {
					matching++
				}
			}
			if matching < len(labels) {
				continue
			}
			sum += m.GetCounter().GetValue() + m.GetGauge().GetValue() + float64(m.GetHistogram().GetSampleCount())
		}
	}
	return sum
}

func draft(title string, owned int) domain.MOCDraft {
	return domain.MOCDraft{Title: title, Theme: "Castle", Parts: domain.Parts{Total: 10, Owned: owned}}
}

func (h *house) add(t testing.TB, collector domain.CollectorID, title string, owned int) domain.MOC {
	t.Helper()
	moc, err := h.commands.AddMOC(t.Context(), command.AddMOC{Collector: collector, Draft: draft(title, owned)})
	require.NoError(t, err)
	return moc
}

func (h *house) count(t testing.TB, collector domain.CollectorID, id uuid.UUID, owned int) {
	t.Helper()
	_, err := h.commands.CountMOCParts(t.Context(), command.CountMOCParts{
		Collector: collector, ID: id, Parts: domain.Parts{Total: 10, Owned: owned},
	})
	require.NoError(t, err)
}

// settled waits until everything that was committed is projected.
func (h *house) settled(t testing.TB, collector domain.CollectorID) readmodel.State {
	t.Helper()
	var state readmodel.State
	require.Eventually(t, func() bool {
		var behind bool
		err := h.pool.QueryRow(t.Context(), `SELECT EXISTS (SELECT FROM mocs m LEFT JOIN projected_mocs p USING (user_id, id)
			WHERE m.user_id = $1 AND m.version <> coalesce(p.version, 0))`, collector).Scan(&behind)
		if err != nil || behind {
			return false
		}
		state, err = h.reader.State(t.Context(), collector)
		return err == nil
	}, patience, tick)
	return state
}

// envelope is one as it arrives.
type envelope struct {
	EventID   uuid.UUID           `json:"eventId"`
	Type      readmodel.EventType `json:"type"`
	Timestamp readmodel.Time      `json:"timestamp"`
	Payload   json.RawMessage     `json:"payload"`
	Revision  int64               `json:"revision"`
	Epoch     string              `json:"epoch"`
	Previous  *int64              `json:"previous"`
}

// decoded is the envelope with the payload that its type says.
func (e *envelope) decoded() (*readmodel.Envelope, error) {
	payload := map[readmodel.EventType]func() (any, error){
		readmodel.SummaryUpdated:        into[*readmodel.DashboardSummary](e.Payload),
		readmodel.ThemeBreakdownUpdated: into[[]readmodel.ThemeStats](e.Payload),
		readmodel.RecentMOCAdded:        into[*readmodel.RecentMOC](e.Payload),
		readmodel.RecentMOCsUpdated:     into[[]readmodel.RecentMOC](e.Payload),
		readmodel.PartialPartsUpdated:   into[[]readmodel.PartialPartsMOC](e.Payload),
		readmodel.PartialPartsChanged:   into[*readmodel.PartialPartsChange](e.Payload),
		readmodel.Resync:                into[readmodel.ResyncPayload](e.Payload),
		readmodel.Failed:                into[readmodel.FailedPayload](e.Payload),
	}[e.Type]
	if payload == nil {
		return nil, fmt.Errorf("type %q", e.Type)
	}
	value, err := payload()
	return &readmodel.Envelope{
		EventID: e.EventID, Type: e.Type, Timestamp: e.Timestamp, Payload: value, Revision: e.Revision, Epoch: e.Epoch, Previous: e.Previous,
	}, err
}

func into[T any](raw json.RawMessage) func() (any, error) {
	return func() (any, error) {
		var value T
		decoder := json.NewDecoder(strings.NewReader(string(raw)))
		decoder.DisallowUnknownFields()
		err := decoder.Decode(&value)
		return value, err
	}
}

func addition(collector domain.CollectorID, title string) command.AddMOC {
	return command.AddMOC{Collector: collector, Draft: draft(title, 5)}
}

func announcement(collector string, revision int64) []messaging.Revision {
	return []messaging.Revision{{Collector: collector, Revision: revision}}
}
