package projections

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"

	"github.com/brickboard/brickboard/domain"
	"github.com/brickboard/brickboard/internal/messaging"
	"github.com/brickboard/brickboard/internal/testsupport"
)

// lockAda holds ada's row of collector_revisions.
func (b bundle) lockAda(t *testing.T) (release func()) {
	t.Helper()
	return b.hold(t, "SELECT FROM collector_revisions WHERE user_id = 'ada' FOR UPDATE")
}

// waitingOf is a bundle in which each collector has an event that was projected and one that waits for nobody any more.
func waitingOf(t *testing.T, collectors ...domain.CollectorID) bundle {
	t.Helper()
	b := setup(t)
	for _, id := range collectors {
		b.addFor(t, id, "1")
	}
	before := b.outbox(t)
	b.project(t, before...)
	release := b.hold(t, "SELECT FROM collector_revisions FOR UPDATE")
	for _, id := range collectors {
		b.addFor(t, id, "2")
	}
	b.project(t, slices.DeleteFunc(b.outbox(t), func(r messaging.Record) bool {
		return slices.ContainsFunc(before, func(old messaging.Record) bool { return old.UUID == r.UUID })
	})...)
	release()
	require.Len(t, b.parked(t), len(collectors))
	return b
}

// A newer server parked it, and is gone.
func TestEngine_Run_BuriesWaitingEventsThatItCannotRead(t *testing.T) {
	t.Parallel()
	for _, state := range []string{stateLocked, stateBlocked} {
		b := waitingOf(t, "ada", "bob")
		b.exec(t, `UPDATE parked_events SET state = '`+state+`', tried_at = '2000-01-01', metadata = convert_to(replace(convert_from(metadata, 'UTF8'), 'moc.added.v1', 'moc.added.v2'), 'UTF8')
			WHERE user_id = 'bob'`)
		require.NoError(t, b.engine.retryWaiting(t.Context()))
		require.Equal(t, []string{"(bob,UNREADABLE)"}, b.parked(t))
		b.exec(t, "UPDATE parked_events SET state = '"+state+"', tried_at = now()")
		require.NoError(t, b.engine.retryWaiting(t.Context()))
		require.Equal(t, []string{"(bob," + state + ")"}, b.parked(t), "left to who parked it")
		require.Equal(t, []string{"(ada,2)", "(bob,1)"}, b.dump(t, "SELECT user_id, revision FROM collector_revisions"), "the others go on")
	}
}

// A letter whose turn has come, and whose collector somebody holds, waits like any event.
func TestEngine_Run_RevivedLetterWaitsForItsCollector(t *testing.T) {
	t.Parallel()
	for name, user := range map[string]string{"UnderItsCollector": "ada", "WithoutOne": ""} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := waitingOf(t, "ada", "bob")
			b.exec(t, "UPDATE parked_events SET state = 'UNREADABLE', user_id = '"+user+"' WHERE user_id = 'ada'")
			release := b.lockAda(t)
			b.run(t)
			require.Eventually(t, func() bool { return len(b.dump(t, "SELECT FROM parked_events WHERE user_id = 'bob'")) == 0 }, deadline, often)
			require.Eventually(t, func() bool {
				return len(b.dump(t, "SELECT FROM parked_events WHERE user_id = 'ada' AND state = 'LOCKED' AND version IS NOT NULL")) > 0
			}, deadline, often)
			release()
			require.Eventually(t, func() bool { return len(b.parked(t)) == 0 }, deadline, often)
			b.requireRecomputed(t)
		})
	}
}

func TestEngine_RetryDeadLetters_SaysWhatWaits(t *testing.T) {
	t.Parallel()
	b := waitingOf(t, "ada", "bob")
	b.exec(t, "UPDATE parked_events SET state = 'REFUSED'")
	b.lockAda(t)
	r, err := b.engine.RetryDeadLetters(t.Context())
	require.NoError(t, err)
	require.Equal(t, Retried{Tried: 2, Waiting: 1, Dead: []DeadLetter{}}, r)
	require.Equal(t, 1, r.Projected())
	require.Equal(t, []string{"(ada,LOCKED)"}, b.parked(t), "the other is projected")
}

// What waited is announced although its first announcement failed.
func TestEngine_Run_AnnouncesWhatWaitedBeforeItIsForgotten(t *testing.T) {
	t.Parallel()
	b := waitingOf(t, "ada")
	b.bus.err = errors.New("bus is away")
	require.ErrorIs(t, b.engine.retryWaiting(t.Context()), b.bus.err)
	require.NotEmpty(t, b.parked(t))
	require.Equal(t, []string{"(2)"}, b.dump(t, "SELECT revision FROM collector_revisions"), "it is committed")
	b.bus.err = nil
	before := len(b.bus.of("ada"))
	require.NoError(t, b.engine.retryWaiting(t.Context()))
	require.Equal(t, []int64{2}, b.bus.of("ada")[before:])
	require.Empty(t, b.parked(t))
	b.requireRecomputed(t)
}

func TestEngine_DeadLetters_AnnouncesWhatHealed(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.addMOC(t, domain.MOCDraft{Title: "Keep"})
	b.project(t, b.outbox(t)...)
	require.NoError(t, b.engine.bury(t.Context(), messaging.Collection0, stateRefused, letter{b.outbox(t)[0], pgx.ErrNoRows}))
	letters, err := b.engine.DeadLetters(t.Context())
	require.NoError(t, err)
	require.Empty(t, letters)
	require.Equal(t, []int64{1, 1}, b.bus.of("ada"))
}

// ending is an announcer whose caller's context ends while it announces.
type ending struct {
	*announcements
	end func()
}

func (e ending) Announce(ctx context.Context, revisions []messaging.Revision) error {
	e.end()
	if err := ctx.Err(); err != nil {
		return err
	}
	return e.announcements.Announce(ctx, revisions)
}

func TestEngine_Project_AnnouncesWhatIsCommittedThoughItIsToStop(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.addMOC(t, domain.MOCDraft{Title: "Keep"})
	ctx, stop := context.WithCancel(t.Context())
	engine := NewEngine(b.pool, ending{b.bus, stop}, NewMetrics(prometheus.NewRegistry()), testsupport.Logger(t))
	require.NoError(t, engine.Project(ctx, messaging.Collection0, b.outbox(t)))
	require.Equal(t, []int64{1}, b.bus.of("ada"))
}
