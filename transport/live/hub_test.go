package live

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/brickboard/brickboard/domain"
	"github.com/brickboard/brickboard/readmodel"
)

func TestHub_TellsWhatChanged(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	s := h.serve(t)
	token := h.token(t, "ada")
	plain := mustDialPlain(t, s, token, "")
	deltas := mustDialPlain(t, s, token, "?deltas=1")
	socket := mustDialSocketIO(t, s, map[string]any{"token": token})
	other := mustDialPlain(t, s, h.token(t, "bob"), "")
	all := []*wire{plain, deltas, socket}
	s.atRest(t, "ada", len(all))
	s.atRest(t, "bob", 1)

	keep := h.add(t, "ada", "Keep", 5)
	for _, w := range all {
		w.awaitRevision(t, 1)
		require.Eventually(t, func() bool { return len(w.all()) == 4 }, patience, tick)
		require.Equal(t, []string{"summaryUpdated", "themeBreakdownUpdated", "recentMocAdded", "partialPartsUpdated"}, w.types())
	}
	require.JSONEq(t, `{"totalMocs":1,"totalWishlistItems":0,"mocsByBuildStatus":{"ADDED":1,"IN_PROGRESS":0,"BUILT":0},
		"mocsByCoverageStatus":{"FULL_INVENTORY":0,"PARTIAL_ORDERED":1,"NONE":0}}`, string(plain.all()[0].Payload))
	require.EqualValues(t, 0, *plain.all()[2].Previous)
	for i := range 4 { // the same is the same, however it is told
		require.Equal(t, plain.all()[i].EventID, socket.all()[i].EventID)
	}

	h.add(t, "ada", "Tower", 5)
	state := h.settled(t, "ada")
	for _, w := range all {
		w.awaitRevision(t, 2)
	}
	h.count(t, "ada", keep.ID, 6)
	state = h.settled(t, "ada")
	for _, w := range all {
		w.awaitRevision(t, state.Revision)
	}
	require.Equal(t, "partialPartsUpdated", plain.types()[len(plain.types())-1])
	require.Equal(t, "partialPartsChanged", deltas.types()[len(deltas.types())-1])
	change := deltas.all()[len(deltas.all())-1]
	require.EqualValues(t, state.Revision-1, *change.Previous)
	require.Contains(t, string(change.Payload), `"removed":[]`)
	require.Eventually(t, func() bool { return socket.offsetNow() == state.String() }, patience, tick)
	require.Empty(t, other.all())
	require.EqualValues(t, 3, s.metric(t, "live_sessions", string(plainWS)))
	require.EqualValues(t, 1, s.metric(t, "live_sessions", string(socketIO)))
	require.Positive(t, s.metric(t, "live_commit_to_socket_seconds"))
}

func TestHub_JoiningIsRecovering(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	s := h.serve(t)
	token := h.token(t, "ada")
	h.add(t, "ada", "Keep", 5)
	before := h.settled(t, "ada")
	h.add(t, "ada", "Tower", 10)
	now := h.settled(t, "ada")
	other := readmodel.State{Epoch: "another-epoch-of-this-test", Revision: before.Revision}

	t.Run("PlainToldWhole", func(t *testing.T) {
		t.Parallel()
		w := mustDialPlain(t, s, token, "?deltas=1&since="+before.String())
		require.Eventually(t, func() bool { return len(w.types()) == 3 }, patience, tick)
		require.Equal(t, []string{"summaryUpdated", "themeBreakdownUpdated", "recentMocsUpdated"}, w.types())
	})
	t.Run("PlainResync", func(t *testing.T) {
		t.Parallel()
		for _, since := range []string{other.String(), "nonsense", readmodel.State{Epoch: now.Epoch, Revision: now.Revision + 1}.String()} {
			w := mustDialPlain(t, s, token, "?since="+since)
			w.awaitRevision(t, now.Revision)
			require.Equal(t, []string{"resync"}, w.types())
			require.JSONEq(t, `{"reason":"NOT_RECOVERED"}`, string(w.all()[0].Payload))
		}
	})
	t.Run("SocketIO", func(t *testing.T) {
		t.Parallel()
		first := mustDialSocketIO(t, s, map[string]any{"token": token})
		require.Equal(t, now.String(), first.open.PID)
		again := mustDialSocketIO(t, s, map[string]any{"token": token, "pid": before.String()})
		require.Equal(t, before.String(), again.open.PID)
		again.awaitRevision(t, now.Revision)
		require.Eventually(t, func() bool { return again.offsetNow() == now.String() }, patience, tick)
		require.Equal(t, []string{"summaryUpdated", "themeBreakdownUpdated", "recentMocsUpdated"}, again.types())
	})
	t.Run("SocketIOThatMissedNothing", func(t *testing.T) {
		t.Parallel()
		token := h.token(t, "bob")
		before := h.settled(t, "bob")
		h.add(t, "bob", "Keep", 5)
		now := h.settled(t, "bob")
		current := mustDialSocketIO(t, s, map[string]any{"token": token, "pid": before.String(), "offset": now.String()})
		require.Equal(t, before.String(), current.open.PID)
		lost := mustDialSocketIO(t, s, map[string]any{"token": token, "pid": other.String(), "offset": now.String()})
		require.Equal(t, now.String(), lost.open.PID)
		h.requireToldOnlyWhatIsNew(t, "bob", current, lost)
	})
}

// requireToldOnlyWhatIsNew adds a MOC, which changes every section but the partial parts, and requires that clients who
// had all before are told just that.
func (h *house) requireToldOnlyWhatIsNew(t *testing.T, collector domain.CollectorID, clients ...*wire) {
	t.Helper()
	h.add(t, collector, "New", 0)
	state := h.settled(t, collector)
	for _, w := range clients {
		require.Eventually(t, func() bool { return w.offsetNow() == state.String() }, patience, tick)
		require.Len(t, w.types(), 3)
		require.Equal(t, state.Revision, w.all()[0].Revision)
	}
}

func TestHub_ABurstIsFewFlushes(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	s := h.serve(t)
	w := mustDialPlain(t, s, h.token(t, "ada"), "")
	began := time.Now()
	for i := range 60 {
		h.add(t, "ada", fmt.Sprint("MOC ", i), 5)
	}
	w.awaitRevision(t, h.settled(t, "ada").Revision)
	most := 3 + int(time.Since(began)/(200*time.Millisecond)) + 1
	require.LessOrEqual(t, len(w.all()), 4*most)
}

// A process that is killed between the commit of a projection and its announcement costs a comparison.
func TestHub_Compare_FindsWhatWasNotAnnounced(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	s := h.serve(t, func(c *Config, _ *Deps) { c.Compare = 50 * time.Millisecond })
	w := mustDialSocketIO(t, s, map[string]any{"token": h.token(t, "ada")})
	h.mute(true)
	h.add(t, "ada", "Keep", 5)
	w.awaitRevision(t, h.settled(t, "ada").Revision)
}

func TestHub_Compare_TellsOfAnotherEpoch(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	s := h.serve(t, func(c *Config, _ *Deps) { c.Compare = 50 * time.Millisecond })
	h.add(t, "ada", "Keep", 5)
	h.settled(t, "ada")
	plain := mustDialPlain(t, s, h.token(t, "ada"), "")
	socket := mustDialSocketIO(t, s, map[string]any{"token": h.token(t, "ada")})
	require.Eventually(t, func() bool { return s.metric(t, "live_sessions") == 2 }, patience, tick)
	_, err := h.pool.Exec(t.Context(), "UPDATE epoch SET epoch = gen_random_uuid()")
	require.NoError(t, err)
	for _, w := range []*wire{plain, socket} {
		w.awaitRevision(t, 1)
		for _, told := range w.types() { // twice, when the first came with the join
			require.Equal(t, "resync", told)
		}
		require.JSONEq(t, `{"reason":"OTHER_EPOCH"}`, string(w.all()[0].Payload))
	}
	state := h.settled(t, "ada")
	require.Equal(t, state.Epoch, plain.all()[0].Epoch)
	h.add(t, "ada", "Tower", 5) // goes on from there
	plain.awaitRevision(t, state.Revision+1)
}

// A break of the bus is made up for.
func TestHub_GoesOnAfterABreakOfTheDatabase(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	s := h.serve(t)
	w := mustDialPlain(t, s, h.token(t, "ada"), "")
	h.add(t, "ada", "Keep", 5)
	w.awaitRevision(t, h.settled(t, "ada").Revision)
	_, err := h.pool.Exec(t.Context(), `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
		WHERE pid <> pg_backend_pid() AND datname = current_database()`)
	require.NoError(t, err)
	require.Eventually(t, func() bool {
		_, err := h.commands.AddMOC(t.Context(), addition("ada", "Tower"))
		return err == nil
	}, patience, tick)
	w.awaitRevision(t, h.settled(t, "ada").Revision)
}
