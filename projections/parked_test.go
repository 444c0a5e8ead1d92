package projections

import (
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/brickboard/brickboard/domain"
	"github.com/brickboard/brickboard/domain/command"
	"github.com/brickboard/brickboard/internal/messaging"
)

const (
	deadline = 20 * time.Second
	often    = 10 * time.Millisecond
)

func (b bundle) addFor(t *testing.T, id domain.CollectorID, title string) {
	t.Helper()
	_, err := b.commands.AddMOC(t.Context(), command.AddMOC{Collector: id, Draft: domain.MOCDraft{Title: title, Theme: "Castle"}})
	require.NoError(t, err)
}

// hold runs a statement in a transaction that stays open until the returned function is called.
func (b bundle) hold(t *testing.T, sql string) (release func()) {
	t.Helper()
	return b.holdAs(t, "somebody else", sql)
}

func (b bundle) holdAs(t *testing.T, application, sql string) (release func()) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), b.pool.Config().ConnString())
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close(b.ctx) })
	_, err = conn.Exec(t.Context(), "SET application_name = '"+application+"'; BEGIN; "+sql)
	require.NoError(t, err)
	return func() {
		_, err := conn.Exec(t.Context(), "ROLLBACK")
		require.NoError(t, err)
	}
}

func (b bundle) parked(t *testing.T) []string {
	t.Helper()
	return b.dump(t, "SELECT user_id, state FROM parked_events")
}

func TestEngine_Project_CollectorThatSomebodyHoldsWaits(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.addFor(t, "ada", "1")
	b.addFor(t, "bob", "1")
	b.project(t, b.outbox(t)...)
	release := b.hold(t, "SELECT FROM collector_revisions WHERE user_id = 'ada' FOR UPDATE")
	b.addFor(t, "ada", "2")
	b.addFor(t, "bob", "2")

	for range 2 { // parking is idempotent
		b.project(t, b.outbox(t)...)
	}
	require.Equal(t, []string{"(ada,LOCKED)", "(ada,LOCKED)"}, b.parked(t), "nobody waited for a collector, or it were BLOCKED")
	require.Equal(t, []string{"(ada,1)", "(bob,2)"}, b.dump(t, "SELECT user_id, revision FROM collector_revisions"))
	require.NoError(t, b.engine.retryWaiting(t.Context()))
	require.Len(t, b.parked(t), 2, "as long as the lock is held")
	release()
	require.NoError(t, b.engine.retryWaiting(t.Context()))
	require.Empty(t, b.parked(t))
	b.requireRecomputed(t)
}

func TestEngine_Project_OtherRowsThatSomebodyHolds(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.addFor(t, "ada", "1")
	b.addFor(t, "bob", "1")
	b.project(t, b.outbox(t)...)
	release := b.hold(t, "UPDATE theme_stats SET moc_count = moc_count WHERE user_id = 'ada'")
	b.addFor(t, "ada", "2")
	b.addFor(t, "bob", "2")
	records := b.outbox(t)
	b.project(t, records[2:]...)
	require.Equal(t, []string{"(ada,BLOCKED)"}, b.parked(t))
	require.Equal(t, []string{"(ada,1)", "(bob,2)"}, b.dump(t, "SELECT user_id, revision FROM collector_revisions"))

	b.addFor(t, "ada", "3")
	b.project(t, b.outbox(t)[4:]...)
	require.Equal(t, []string{"(ada,BLOCKED)", "(ada,LOCKED)"}, b.parked(t), "what comes later queues up at once")

	require.NoError(t, b.engine.waitFor(t.Context(), "ada"))
	require.Regexp(t, `waits for a lock of process \d+ \(application \\?"*somebody else`, b.dump(t, "SELECT min(error) FROM parked_events WHERE state = 'BLOCKED'")[0])
	release()
	require.NoError(t, b.engine.waitFor(t.Context(), "ada"))
	require.Empty(t, b.parked(t))
	b.requireRecomputed(t)
}

func TestEngine_Run_ProjectsWhatWaitedWhenTheLockGoes(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.addFor(t, "ada", "1")
	b.project(t, b.outbox(t)...)
	release := b.hold(t, "SELECT FROM collector_revisions WHERE user_id = 'ada' FOR UPDATE")
	b.addFor(t, "ada", "2")
	b.project(t, b.outbox(t)...)
	b.run(t)
	require.Eventually(t, func() bool {
		return len(b.dump(t, "SELECT FROM parked_events WHERE error LIKE '%somebody else%'")) == 2
	}, deadline, often, "who holds it is named")
	release()
	require.Eventually(t, func() bool { return len(b.parked(t)) == 0 }, deadline, often)
	b.requireRecomputed(t)
}

// run retries what is parked until the test ends.
func (b bundle) run(t *testing.T) {
	t.Helper()
	ended := make(chan error, 1)
	go func() { ended <- b.engine.Run(b.ctx) }()
	t.Cleanup(func() { require.NoError(t, <-ended) }) // b.ctx is done by then
}

func TestEngine_Project_PoisonBetweenGoodOnes(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for range 9 {
		b.addMOC(t, domain.MOCDraft{Title: "Keep"})
	}
	records := b.outbox(t)
	records[1].Metadata = []byte(`{"type":"moc.painted.v1"}`)
	records[2].Payload = []byte("{")
	records[3].Payload = nil
	records[4].Metadata = nil
	records[6].Payload = []byte(`{"title":"\u0000","theme":"T","buildStatus":"ADDED","createdAt":"2026-01-01T00:00:00Z","updatedAt":"2026-01-01T00:00:00Z"}`)
	records[7].Payload = []byte(`{"title":"T","theme":"T","buildStatus":"GONE","createdAt":"2026-01-01T00:00:00Z","updatedAt":"2026-01-01T00:00:00Z"}`)
	for range 2 {
		b.project(t, records...)
		require.Equal(t, []string{`("",UNREADABLE)`, `("",UNREADABLE)`, "(ada,REFUSED)", "(ada,REFUSED)", "(ada,UNREADABLE)", "(ada,UNREADABLE)"}, b.parked(t))
	}
	require.Equal(t, []string{"(3)"}, b.dump(t, "SELECT total_mocs FROM dashboard_summary"))

	letters, err := b.engine.DeadLetters(t.Context(), records[7].UUID)
	require.NoError(t, err)
	require.Len(t, letters, 1)
	require.Equal(t, records[7].Payload, letters[0].Payload)
	require.Equal(t, records[7].Metadata, letters[0].Metadata)
	require.Contains(t, letters[0].Error, "projected_mocs_build_status")

	r, err := b.engine.RetryDeadLetters(t.Context())
	require.NoError(t, err)
	require.Equal(t, 6, r.Tried)
	require.Len(t, r.Dead, 6)

	b.readAll(t)
	verified := b.verify(t)
	require.EqualValues(t, 6, verified.DriftedRows, "a dead letter is drift")
	require.Equal(t, 4, countNamed(verified.Drifts))
	b.rebuild(t)
	letters, err = b.engine.DeadLetters(t.Context())
	require.NoError(t, err)
	require.Len(t, letters, 2, "healed are those of which it is known what they were")
	discarded, err := b.engine.DiscardDeadLetters(t.Context(), records[1].UUID, records[4].UUID, records[7].UUID)
	require.NoError(t, err)
	require.ElementsMatch(t, []string{records[1].UUID, records[4].UUID}, discarded)
	require.Empty(t, b.parked(t))
	b.requireRecomputed(t)
}

func countNamed(drifts []Drift) (n int) {
	for _, d := range drifts {
		if d.DeadLetter != "" {
			n++
		}
	}
	return n
}

// What an older program could not read, this one projects when it starts.
func TestEngine_Run_RevivesWhatItCanRead(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.addMOC(t, domain.MOCDraft{Title: "Keep"})
	r := b.outbox(t)[0]
	require.NoError(t, b.engine.bury(t.Context(), messaging.Collection0, stateUnreadable, letter{r, pgx.ErrNoRows}))
	b.run(t)
	require.Eventually(t, func() bool { return len(b.parked(t)) == 0 }, deadline, often)
	b.requireRecomputed(t)
	require.Equal(t, []int64{1}, b.bus.of("ada"))
}

func TestEngine_RetryDeadLetters_ProjectsWhatTheDataAcceptsNow(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.addMOC(t, domain.MOCDraft{Title: "Keep"})
	b.exec(t, "ALTER TABLE theme_stats ADD CONSTRAINT picky CHECK (theme <> 'Castle')")
	b.project(t, b.outbox(t)...)
	require.Equal(t, []string{"(ada,REFUSED)"}, b.parked(t))
	b.exec(t, "ALTER TABLE theme_stats DROP CONSTRAINT picky")
	r, err := b.engine.RetryDeadLetters(t.Context(), b.outbox(t)[0].UUID)
	require.NoError(t, err)
	require.Equal(t, Retried{Tried: 1, Dead: []DeadLetter{}}, r)
	b.requireRecomputed(t)
}
