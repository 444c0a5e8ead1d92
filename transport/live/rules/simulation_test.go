package rules

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/brickboard/brickboard/readmodel"
)

// TestSimulation drives hubs and clients through random orders of events: changes, mends, restores, a bus that loses,
// repeats and reorders, cuts at any frame, readings and fetches that are late or fail, slow clients, killed servers.
// When it settles, every client has the view, whether it knows revisions or not. A failure names its seed: give it as -seed to see it again.
func TestSimulation(t *testing.T) {
	t.Parallel()
	first, runs := rand.Uint64(), 5000
	if *seed != 0 {
		first, runs = *seed, 1
	}
	for i := range uint64(runs) {
		if failure := simulate(first + i); failure != "" {
			t.Fatalf("seed %d: %s", first+i, failure)
		}
	}
	t.Logf("%d runs from seed %d", runs, first)
}

//nolint:gochecknoglobals // flags are
var seed = flag.Uint64("seed", 0, "the one run of the simulation to do")

func simulate(seed uint64) string {
	w := newWorld(seed)
	for range w.rng.IntN(1 + w.rng.IntN(400)) {
		w.step()
	}
	w.settle()
	for i, c := range w.clients {
		if wrong := c.wrong(w.db.state()); wrong != "" {
			return fmt.Sprintf("client %d, %s: %s", i, c, wrong)
		}
		if got, want := fmt.Sprint(c.shown()), fmt.Sprint(w.db.view()); got != want {
			return fmt.Sprintf("client %d, %s, has\n%s\nnot, at %v,\n%s", i, c, got, w.db.sections, want)
		}
	}
	return ""
}

// step lets one random thing happen. Which things are frequent differs from run to run.
func (w *world) step() {
	s := w.rng.IntN(2)
	c := w.clients[w.rng.IntN(len(w.clients))]
	w.now = w.now.Add(time.Duration(w.rng.IntN(100)) * time.Millisecond)
	switch w.weighted() {
	case 0:
		before := w.db.revision
		w.db.commit(w.rng, []int{1, 1, 1, 3, 14}[w.rng.IntN(5)])
		if w.db.revision != before && (w.reliable || w.rng.IntN(10) > 0) { // else killed between commit and publish
			w.publish(w.db.revision)
		}
	case 1:
		w.seldom(w.rng)
	case 2:
		w.deliverBus(s)
	case 3:
		if !w.reliable {
			w.servers[s].room.Compare(w.db.state())
		}
	case 4:
		w.work(w.servers[s], true)
	case 5:
		if c.conn == nil {
			w.connect(c, w.servers[s])
		} else {
			w.join(c.conn)
		}
	case 6:
		w.cut(c)
	case 7:
		w.receive(c)
	default:
		w.fetch(c, true)
	}
}

// weighted picks a kind of step.
func (w *world) weighted() int {
	sum := 0
	for _, weight := range w.weights {
		sum += weight
	}
	pick := w.rng.IntN(sum)
	for kind, weight := range w.weights {
		if pick -= weight; pick < 0 {
			return kind
		}
	}
	panic("not reached")
}

func (w *world) seldom(rng *rand.Rand) {
	if w.reliable {
		return
	}
	switch rng.IntN(6) {
	case 0:
		w.db.mend(rng)
		w.publish(w.db.revision)
	case 1:
		w.backup = w.db.clone()
	case 2:
		epoch := w.db.epoch
		w.db = w.backup.clone()
		w.db.epoch = epoch + 1
		w.backup = w.db.clone()
	case 3:
		w.kill(w.servers[rng.IntN(2)])
	}
}

// settle lets everything under way arrive, without further changes. What a bus loses, comparing finds.
// What was fetched may be the last to arrive.
func (w *world) settle() {
	late := w.rng.IntN(30)
	for round := range 200 {
		w.now = w.now.Add(time.Second)
		for _, c := range w.clients {
			if c.conn == nil {
				w.connect(c, w.servers[w.rng.IntN(2)])
			}
			w.join(c.conn)
			w.receive(c)
			if round >= late {
				w.fetch(c, false)
			}
		}
		for i, s := range w.servers {
			if w.reliable {
				w.deliverBus(i)
			} else {
				s.room.Compare(w.db.state())
			}
			w.work(s, false)
		}
	}
}

func TestRecover(t *testing.T) {
	t.Parallel()
	const epoch, other = "epoch-of-the-test-0001", "epoch-of-the-test-0002"
	present := readmodel.State{Epoch: epoch, Revision: 9}
	for name, c := range map[string]struct {
		pid, offset string
		from        int64
		recovered   bool
	}{
		"NothingBrought":           {"", "", 9, false},
		"NoOffsetYet":              {epoch + ".4", "", 4, true},
		"TheHigherCounts":          {epoch + ".4", epoch + ".7", 7, true},
		"OffsetOfAnEarlierPid":     {epoch + ".4", epoch + ".2", 4, true},
		"OffsetOfAnEarlierEpoch":   {epoch + ".4", other + ".8", 4, true},
		"Present":                  {epoch + ".9", "", 9, true},
		"AnotherEpoch":             {other + ".4", "", 9, false},
		"AnotherEpochWithAnOffset": {other + ".4", epoch + ".5", 9, false},
		"AbovePresent":             {epoch + ".10", "", 9, false},
		"OffsetAbovePresent":       {epoch + ".4", epoch + ".10", 9, false},
		"Malformed":                {epoch + ".04", "", 9, false},
		"Negative":                 {epoch + ".-1", "", 9, false},
		"NoNumber":                 {epoch, "", 9, false},
		"MalformedOffset":          {epoch + ".4", "4", 9, false},
		"Huge":                     {epoch + ".9223372036854775808", "", 9, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			from, recovered := Recover(c.pid, c.offset, present)
			require.Equal(t, readmodel.State{Epoch: epoch, Revision: c.from}, from)
			require.Equal(t, c.recovered, recovered)
		})
	}
}

func TestBudget_ThreeAtOnceThenFiveASecond(t *testing.T) {
	t.Parallel()
	room := NewRoom[int]()
	member := NewMember(1, false, readmodel.State{Epoch: "epoch-of-the-test-0001"})
	room.Join(member)
	began := time.Now()
	revision := int64(0)
	read := func(job *Job[int]) {
		revision++
		changes := &readmodel.Changes{
			State: readmodel.State{Epoch: "epoch-of-the-test-0001", Revision: revision}, Before: job.Since,
			Sections: readmodel.Revisions{revision}, Summary: &readmodel.DashboardSummary{},
		}
		room.Done(job, changes, began, func(*Member[int], []*readmodel.Envelope, readmodel.State) bool { return true })
	}
	tell, _ := room.Next(began)
	require.False(t, tell.IsFlush())
	read(tell)
	var flushes []time.Duration
	for now := began; now.Before(began.Add(1100 * time.Millisecond)); now = now.Add(time.Millisecond) {
		room.Hear(revision + 1)
		if job, wait := room.Next(now); job != nil {
			flushes = append(flushes, now.Sub(began))
			read(job)
		} else {
			require.Positive(t, wait)
		}
	}
	const ms = time.Millisecond
	require.Equal(t, []time.Duration{0, ms, 2 * ms, 200 * ms, 400 * ms, 600 * ms, 800 * ms, 1000 * ms}, flushes)
}
