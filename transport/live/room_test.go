package live

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"

	"github.com/brickboard/brickboard/domain"
	"github.com/brickboard/brickboard/internal/messaging"
	"github.com/brickboard/brickboard/internal/testsupport"
	"github.com/brickboard/brickboard/readmodel"
)

// shelf is the dashboards of collectors of whom only the summary changes.
type shelf struct {
	mu       sync.Mutex
	revision int64
}

func (s *shelf) put(revision int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.revision = revision
}

func (s *shelf) State(context.Context, domain.CollectorID) (readmodel.State, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return readmodel.State{Epoch: "epoch", Revision: s.revision}, nil
}

func (s *shelf) States(context.Context, []domain.CollectorID) (map[domain.CollectorID]readmodel.State, error) {
	return map[domain.CollectorID]readmodel.State{}, nil
}

func (s *shelf) Changes(ctx context.Context, collector domain.CollectorID, since readmodel.Told, _ readmodel.Audience) (*readmodel.Changes, error) {
	state, _ := s.State(ctx, collector)
	changes := &readmodel.Changes{State: state, Before: since, Summary: &readmodel.DashboardSummary{}}
	changes.Sections[readmodel.Summary] = state.Revision
	return changes, nil
}

// newShelf is a server of a shelf at the revision, without a network.
func newShelf(t *testing.T, revision int64) (*server, *shelf) {
	t.Helper()
	dashboards, registry := &shelf{revision: revision}, prometheus.NewRegistry()
	hub := NewHub(Config{}, Deps{Dashboards: dashboards, Metrics: registry, Log: testsupport.Logger(t), Now: time.Now})
	return &server{hub: hub, registry: registry}, dashboards
}

func announced(collector string, revision int64) []messaging.Announcement {
	return []messaging.Announcement{{At: time.Now(), Revisions: announcement(collector, revision)}}
}

// What was read before it was announced says nothing of how long a later change takes.
func TestHub_LatencyIsThatOfTheChange(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, dashboards := newShelf(t, 7)
		e := listen(t, s, "ada", &ear{protocol: plainWS}, false)
		synctest.Wait()
		s.hub.Heard(announced("ada", 7))
		synctest.Wait()
		require.Empty(t, e.places())
		time.Sleep(30 * time.Minute) // virtual time
		dashboards.put(8)
		s.hub.Heard(announced("ada", 8))
		synctest.Wait()
		require.Len(t, e.places(), 1)
		families, err := s.registry.Gather()
		require.NoError(t, err)
		for _, family := range families {
			if family.GetName() == "live_commit_to_socket_seconds" {
				histogram := family.GetMetric()[0].GetHistogram()
				require.EqualValues(t, 1, histogram.GetSampleCount())
				require.Less(t, histogram.GetSampleSum(), 1.0)
			}
		}
	})
}

// A collector whose envelopes take long holds up nobody else.
func TestHub_NobodyWaitsForARoom(t *testing.T) {
	t.Parallel()
	s, dashboards := newShelf(t, 7)
	encodes, goOn := make(chan struct{}, 10), make(chan struct{})
	long := listen(t, s, "ada", &ear{protocol: plainWS, slowly: func() { encodes <- struct{}{}; <-goOn }}, false)
	other := listen(t, s, "bob", &ear{protocol: plainWS}, false)
	s.atRest(t, "ada", 1)
	s.atRest(t, "bob", 1)
	dashboards.put(8)
	s.hub.Heard(announced("ada", 8))
	<-encodes
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.hub.Heard(append(announced("ada", 9), announced("bob", 8)...))
		s.hub.find("ada").compare(readmodel.State{Epoch: "epoch", Revision: 9})
	}()
	select {
	case <-done:
	case <-time.After(patience):
		close(goOn)
		t.Fatal("the bus waits for a room")
	}
	require.Eventually(t, func() bool { return len(other.places()) == 1 }, patience, tick)
	dashboards.put(9)
	close(goOn)
	require.Eventually(t, func() bool { return len(long.places()) == 2 }, patience, tick) // what was heard meanwhile is told
}
