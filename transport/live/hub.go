package live

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/brickboard/brickboard/domain"
	"github.com/brickboard/brickboard/internal/messaging"
	"github.com/brickboard/brickboard/transport/live/plain"
	"github.com/brickboard/brickboard/transport/live/socketio"
)

// Hub is the sockets of one server. It hears of changes as the listener of a messaging.LiveSubscription, which runs
// beside it.
type Hub struct {
	config  Config
	deps    Deps
	metrics *metrics

	sockets  *socketio.Server
	plain    *plain.Server
	readings chan struct{}
	life     context.Context // of readings; ends when Shutdown has closed all sessions
	die      context.CancelFunc
	probe    probe
	broke    chan struct{} // full when a comparison is due at once

	mu       sync.RWMutex
	rooms    map[domain.CollectorID]*room
	seats    int // of all rooms
	stopping bool
}

// NewHub makes a hub that has no sessions.
func NewHub(config Config, deps Deps) *Hub {
	config = config.withDefaults()
	h := &Hub{
		config: config, deps: deps, metrics: newMetrics(deps.Metrics), readings: make(chan struct{}, config.Readings),
		broke: make(chan struct{}, 1), rooms: make(map[domain.CollectorID]*room),
	}
	h.life, h.die = context.WithCancel(context.Background())
	h.sockets = h.newSocketIO()
	h.plain = h.newPlain()
	return h
}

// ServeHTTP serves SocketIOPath and PlainPath; every other path is not found.
func (h *Hub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case SocketIOPath:
		h.serveSocketIO(w, r)
	case PlainPath:
		h.servePlain(w, r)
	default:
		http.NotFound(w, r)
	}
}

// Run compares what was told with the database, until ctx is done: regularly, and after each break of the bus. It
// returns nil.
func (h *Hub) Run(ctx context.Context) error {
	tick := time.NewTicker(h.config.Compare)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
		case <-h.broke:
		case <-ctx.Done():
			return nil
		}
		h.compare(ctx)
	}
}

// Began is called when the bus is heard, for the first time or after a break.
func (h *Hub) Began() {
	select {
	case h.broke <- struct{}{}:
	default:
	}
}

// Heard takes announcements. Those of collectors without a session here cost a look into a map.
func (h *Hub) Heard(announcements []messaging.Announcement) {
	for _, a := range announcements {
		for _, revision := range a.Revisions {
			if r := h.find(domain.CollectorID(revision.Collector)); r != nil {
				r.hear(revision.Revision, a.At)
			}
		}
	}
}

func (h *Hub) compare(ctx context.Context) {
	collectors := h.collectors()
	if len(collectors) == 0 {
		return
	}
	reading, cancel := context.WithTimeout(ctx, readTimeout)
	defer cancel()
	states, err := h.deps.Dashboards.States(reading, collectors)
	if err != nil && ctx.Err() == nil {
		h.readFailed("comparison", err)
		h.pause(readRetry)
		h.Began()
		return
	}
	for collector, state := range states {
		if r := h.find(collector); r != nil {
			r.compare(state)
		}
	}
}

// Shutdown refuses new sessions, tells the open ones to come back, and ends when all are closed, or ctx is done.
func (h *Hub) Shutdown(ctx context.Context) error {
	h.mu.Lock()
	h.stopping = true
	h.mu.Unlock()
	defer h.die()
	var both errgroup.Group
	both.Go(func() error { return h.sockets.Shutdown(ctx, h.config.Spread) })
	both.Go(func() error { return h.plain.Shutdown(ctx, h.config.Spread) })
	return both.Wait()
}

func (h *Hub) find(collector domain.CollectorID) *room {
	h.mu.RLock()
	defer h.mu.RUnlock()
	return h.rooms[collector]
}

func (h *Hub) collectors() []domain.CollectorID {
	h.mu.RLock()
	defer h.mu.RUnlock()
	all := make([]domain.CollectorID, 0, len(h.rooms))
	for collector := range h.rooms {
		all = append(all, collector)
	}
	return all
}

var errTooManySessions = errors.New("too many sessions of this collector")

// enter takes a seat in the collector's room. Every enter that succeeds is followed by one exit. The error is
// errTooManySessions or errUnavailable.
func (h *Hub) enter(collector domain.CollectorID) (*room, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.full() {
		return nil, errUnavailable
	}
	r := h.rooms[collector]
	if r == nil {
		r = newRoom(h, collector)
		h.rooms[collector] = r
	}
	if r.seats >= h.config.SessionsPerCollector {
		return nil, errTooManySessions
	}
	r.seats++
	h.seats++
	return r, nil
}

func (h *Hub) exit(r *room) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.seats--
	if r.seats--; r.seats == 0 {
		delete(h.rooms, r.collector)
	}
}

// full says, with mu held, whether no seat can be given now.
func (h *Hub) full() bool { return h.stopping || h.seats >= h.config.Sessions }

// Done is closed when Shutdown has ended, and nothing is read any more.
func (h *Hub) Done() <-chan struct{} { return h.life.Done() }

func (h *Hub) stopped() bool { return h.life.Err() != nil }

func (h *Hub) clock() time.Time { return time.Now() }

func (h *Hub) readFailed(of string, err error) {
	h.metrics.failures.WithLabelValues(of).Inc()
	if !h.stopped() {
		h.deps.Log.Warn("live updates cannot be read", "of", of, "retry_in", readRetry, "error", err)
	}
}

// pause returns early when the hub has ended.
func (h *Hub) pause(d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-h.life.Done():
	}
}
