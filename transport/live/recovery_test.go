package live

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/brickboard/brickboard/domain"
	"github.com/brickboard/brickboard/domain/command"
	"github.com/brickboard/brickboard/readmodel"
)

// A client that is cut off in the middle of a flush has not got its offset, so it is told all of it again.
func TestSocketIO_CutInTheMiddleOfAFlush(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	s := h.serve(t)
	auth := map[string]any{"token": h.token(t, "ada")}
	first := mustDialSocketIO(t, s, auth)
	h.add(t, "ada", "Keep", 5)
	state := h.settled(t, "ada")
	require.Eventually(t, func() bool { return first.offsetNow() == state.String() }, patience, tick)
	for frames := range 4 { // so many of the flush's four had arrived, of which the last would have brought the offset
		auth["pid"] = first.open.PID
		again := mustDialSocketIO(t, s, auth)
		require.Equal(t, first.open.PID, again.open.PID)
		require.Eventually(t, func() bool { return again.offsetNow() == state.String() }, patience, tick)
		require.Equal(t, []string{"summaryUpdated", "themeBreakdownUpdated", "recentMocsUpdated", "partialPartsUpdated"}, again.types())
		require.Equal(t, first.all()[frames].Revision, again.all()[frames].Revision)
	}
	auth["offset"] = state.String()
	h.requireToldOnlyWhatIsNew(t, "ada", mustDialSocketIO(t, s, auth))
}

// A row that came and went between two flushes is named by the difference that merges both.
func TestPlain_ARowThatCameAndWent(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	s := h.serve(t)
	for i := range 3 {
		h.add(t, "ada", fmt.Sprint("MOC ", i), 5)
	}
	h.settled(t, "ada")
	w := mustDialPlain(t, s, h.token(t, "ada"), "?deltas=1")
	s.atRest(t, "ada", 1)
	h.mute(true) // the bus says nothing until both are projected
	brief := h.add(t, "ada", "Brief", 5)
	h.settled(t, "ada")
	require.NoError(t, h.commands.DeleteMOC(t.Context(), command.DeleteMOC{Collector: "ada", ID: brief.ID}))
	state := h.settled(t, "ada")
	require.NoError(t, h.bus.Announce(t.Context(), announcement("ada", state.Revision)))
	w.awaitRevision(t, state.Revision)
	require.Eventually(t, func() bool { return len(w.all()) == 4 }, patience, tick)
	require.Equal(t, []string{"summaryUpdated", "themeBreakdownUpdated", "recentMocsUpdated", "partialPartsChanged"}, w.types())
	require.JSONEq(t, fmt.Sprintf(`{"upserted":[],"removed":[%q]}`, brief.ID), string(w.all()[3].Payload))
}

// Many come and go, many change at once: each comes back recovered, and none misses anything.
func TestHub_ManyReconnects(t *testing.T) {
	t.Parallel()
	const (
		collectors = 200
		perOne     = 5
		enough     = 250 // that came back
	)
	h := newHouse(t)
	s := h.serve(t)
	ids := make([]domain.CollectorID, collectors)
	mocs := make([]uuid.UUID, collectors)
	for i := range ids {
		ids[i] = domain.CollectorID(fmt.Sprintf("collector %03d", i))
		mocs[i] = h.add(t, ids[i], "Keep", 1).ID
	}
	for _, id := range ids {
		h.settled(t, id)
	}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var running sync.WaitGroup
	var followers []*follower
	var came, recovered atomic.Int64
	for i := range collectors * perOne {
		id := ids[i%collectors]
		f := newFollower(t, fmt.Sprint(id, " ", i), id, h.token(t, id), func() string { return s.URL })
		followers = append(followers, f)
		running.Go(func() { comeAndGo(ctx, t, s, f, &came, &recovered) })
	}
	var changes atomic.Int64
	for range 8 {
		running.Go(func() {
			for ctx.Err() == nil {
				n := int(changes.Add(1))
				h.count(t, ids[n%collectors], mocs[n%collectors], 1+n/collectors%9)
			}
		})
	}
	assert.True(t, eventually(func() bool { return came.Load() >= enough }))
	stop()
	running.Wait()
	t.Logf("%d changes; %d came back, %d of them recovered", changes.Load(), came.Load(), recovered.Load())
	require.Equal(t, came.Load(), recovered.Load())
	for _, f := range followers {
		h.settled(t, f.collector)
		_, view, err := h.reader.View(t.Context(), f.collector)
		require.NoError(t, err)
		require.True(t, eventually(func() bool { return f.holds(t, view) }), f.name)
	}
}

// comeAndGo keeps a Socket.IO client that is cut off now and then, and stays at the end.
func comeAndGo(ctx context.Context, t *testing.T, s *server, f *follower, came, recovered *atomic.Int64) {
	auth := map[string]any{"token": f.token}
	for first := true; ; first = false {
		back := false
		opened := make(chan struct{})
		w, err := dialSocketIO(t, s, auth, func(_ *wire, e envelope) { <-opened; f.receive(e) })
		if err != nil {
			t.Error(err)
			return
		}
		if back = w.open.PID == auth["pid"]; !first {
			came.Add(1)
			if back {
				recovered.Add(1)
			}
		}
		f.connected(back)
		close(opened)
		auth["pid"] = w.open.PID
		if ctx.Err() != nil {
			return
		}
		loiter(ctx, 16_000) // so about a hundred are cut each second
		_ = w.conn.Close()
		w.awaitClose(t)
		if offset := w.offsetNow(); offset != "" {
			auth["offset"] = offset
		}
	}
}

func TestPlain_UnchangedSectionsAreNotTold(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	s := h.serve(t)
	state := h.settled(t, "ada")
	h.add(t, "ada", "Keep", 5)
	h.settled(t, "ada")
	h.add(t, "ada", "Tower", 0)
	now := h.settled(t, "ada")
	w := mustDialPlain(t, s, h.token(t, "ada"), "?since="+readmodel.State{Epoch: state.Epoch, Revision: 1}.String())
	w.awaitRevision(t, now.Revision)
	require.NotContains(t, strings.Join(w.types(), " "), "partialParts")
}
