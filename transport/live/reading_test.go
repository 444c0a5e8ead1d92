package live

import (
	"context"
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"
	"unsafe"

	"github.com/stretchr/testify/require"

	"github.com/brickboard/brickboard/domain"
	"github.com/brickboard/brickboard/readmodel"
	"github.com/brickboard/brickboard/transport/auth"
)

// readings notes whose dashboards are read.
type readings struct {
	Dashboards
	mu      sync.Mutex
	states  []domain.CollectorID
	changes []domain.CollectorID
}

func (r *readings) State(ctx context.Context, collector domain.CollectorID) (readmodel.State, error) {
	r.note(&r.states, collector)
	return r.Dashboards.State(ctx, collector)
}

func (r *readings) States(ctx context.Context, collectors []domain.CollectorID) (map[domain.CollectorID]readmodel.State, error) {
	r.note(&r.states, collectors...)
	return r.Dashboards.States(ctx, collectors)
}

func (r *readings) Changes(ctx context.Context, collector domain.CollectorID, since readmodel.Told, to readmodel.Audience) (*readmodel.Changes, error) {
	r.note(&r.changes, collector)
	return r.Dashboards.Changes(ctx, collector, since, to)
}

func (r *readings) note(in *[]domain.CollectorID, collectors ...domain.CollectorID) {
	r.mu.Lock()
	defer r.mu.Unlock()
	*in = append(*in, collectors...)
}

// take returns those since the last call.
func (r *readings) take(from *[]domain.CollectorID) []domain.CollectorID {
	r.mu.Lock()
	defer r.mu.Unlock()
	taken := *from
	*from = nil
	return taken
}

// atRest waits until the collector has so many sessions, and nothing is left to be told to them.
func (s *server) atRest(t testing.TB, collector domain.CollectorID, sessions int) {
	t.Helper()
	require.Eventually(t, func() bool {
		r := s.hub.find(collector)
		if r == nil {
			return false
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		return r.rules.Size() == sessions && !r.working
	}, patience, tick)
}

func TestHub_ReadsOnce(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	read := &readings{Dashboards: h.reader}
	s := h.serve(t, func(_ *Config, d *Deps) { d.Dashboards = read })
	token := h.token(t, "ada")
	var all []*wire
	for range 5 {
		all = append(all, mustDialPlain(t, s, token, ""), mustDialSocketIO(t, s, map[string]any{"token": token}))
	}
	s.atRest(t, "ada", len(all))

	t.Run("ForAllSessionsOfACollector", func(t *testing.T) {
		read.take(&read.changes)
		h.add(t, "ada", "Keep", 5)
		for _, w := range all {
			w.awaitRevision(t, 1)
		}
		s.atRest(t, "ada", len(all))
		require.Equal(t, []domain.CollectorID{"ada"}, read.take(&read.changes))
	})
	t.Run("ForBothKindsOfClients", func(t *testing.T) {
		both := slices.Clone(all)
		for range 5 {
			both = append(both, mustDialPlain(t, s, token, "?deltas=1"))
		}
		s.atRest(t, "ada", len(both))
		read.take(&read.changes)
		h.add(t, "ada", "Tower", 5)
		for _, w := range both {
			w.awaitRevision(t, 2)
		}
		s.atRest(t, "ada", len(both))
		require.Equal(t, []domain.CollectorID{"ada"}, read.take(&read.changes))
	})
	t.Run("NothingForACollectorWithoutASession", func(t *testing.T) {
		read.take(&read.changes)
		h.mute(true)
		h.add(t, "bob", "Keep", 5)
		h.settled(t, "bob")
		h.add(t, "ada", "Barn", 5)
		revision := h.settled(t, "ada").Revision
		both := append(announcement("bob", 1), announcement("ada", revision)...)
		require.NoError(t, h.bus.Announce(t.Context(), both))
		for _, w := range all {
			w.awaitRevision(t, revision) // so bob's was heard before
		}
		s.hub.compare(t.Context())
		require.Equal(t, []domain.CollectorID{"ada"}, read.take(&read.changes))
		require.NotContains(t, read.take(&read.states), domain.CollectorID("bob"))
	})
}

// ear is a connection that keeps what it is sent, as its protocol has it encoded.
type ear struct {
	protocol protocol
	slowly   func() // is called as envelopes are encoded, where it is not nil
	mu       sync.Mutex
	heard    []any
}

func (e *ear) send(f *frames, envelopes []*readmodel.Envelope) (bytes int, ok bool) {
	if e.slowly != nil {
		e.slowly()
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	for i, envelope := range envelopes {
		if e.protocol == plainWS {
			e.heard = append(e.heard, f.text(envelope))
		} else {
			e.heard = append(e.heard, f.packet(envelope, i == len(envelopes)-1))
		}
	}
	return 0, true
}

// places is where in memory stands what was heard.
func (e *ear) places() (places []unsafe.Pointer) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, encoded := range e.heard {
		v := reflect.ValueOf(encoded)
		if e.protocol == socketIO {
			v = v.Field(0) // of the frame
		}
		places = append(places, v.UnsafePointer())
	}
	return places
}

func (*ear) unsent() (queued, capacity int)      { return 0, 1 }
func (*ear) whenDrained(func()) bool             { return false }
func (*ear) expire(*frames, *readmodel.Envelope) {}
func (*ear) cut()                                {}
func (e *ear) transport() string                 { return string(e.protocol) }

// listen opens a session of an ear.
func listen(t testing.TB, s *server, collector domain.CollectorID, e *ear, deltas bool) *ear {
	t.Helper()
	r, p, err := s.hub.letIn(auth.Identity{Collector: collector, ExpiresAt: time.Now().Add(time.Hour)}, deltas, "", "")
	require.NoError(t, err)
	session := &session{protocol: e.protocol, room: r, link: e}
	session.begin(p)
	t.Cleanup(func() { session.end("") })
	return e
}

func TestHub_EncodesOnce(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	s := h.serve(t)
	keep := h.add(t, "ada", "Keep", 5)
	h.add(t, "ada", "Tower", 5)
	h.settled(t, "ada")
	type kind struct {
		protocol protocol
		deltas   bool
	}
	ears := map[kind][]*ear{}
	kinds := []kind{{plainWS, false}, {plainWS, true}, {socketIO, false}, {socketIO, true}}
	for _, k := range kinds {
		for range 5 {
			ears[k] = append(ears[k], listen(t, s, "ada", &ear{protocol: k.protocol}, k.deltas))
		}
	}
	s.atRest(t, "ada", 20)
	h.count(t, "ada", keep.ID, 6)
	for _, k := range kinds {
		for _, e := range ears[k] {
			require.Eventually(t, func() bool { return len(e.places()) == 1 }, patience, tick)
			require.Equal(t, ears[k][0].places(), e.places())
		}
	}
	require.NotEqual(t, ears[kinds[0]][0].places(), ears[kinds[1]][0].places()) // so places tell one from another
	require.NotEqual(t, ears[kinds[2]][0].places(), ears[kinds[3]][0].places())
}
