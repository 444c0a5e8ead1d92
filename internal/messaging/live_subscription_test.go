package messaging

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/brickboard/brickboard/internal/testsupport"
)

// ear is what a LiveSubscription told.
type ear struct {
	mu    sync.Mutex
	began int
	heard []Revision
	late  time.Duration // the longest time from an announcement to here
}

func (e *ear) Began() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.began++
}

func (e *ear) Heard(announcements []Announcement) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, a := range announcements {
		e.heard = append(e.heard, a.Revisions...)
		e.late = max(e.late, time.Since(a.At))
	}
}

func (e *ear) beginnings() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.began
}

func (e *ear) has(want Revision) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, r := range e.heard {
		if r == want {
			return true
		}
	}
	return false
}

// startListening is a server with sockets, as far as messaging goes.
func startListening(t *testing.T, db *pgxpool.Pool, poll time.Duration) (*ear, *Waker) {
	t.Helper()
	log := testsupport.Logger(t)
	e, waker := new(ear), NewWaker(db, log)
	s, err := NewLiveSubscription(db, waker, log, poll, e)
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { _ = waker.Run(ctx) })
	running.Go(func() { _ = NewListener(db.Config().ConnConfig, waker, log).Run(ctx) })
	running.Go(func() { _ = s.Run(ctx) })
	t.Cleanup(func() { cancel(); running.Wait() })
	require.Eventually(t, func() bool { return e.beginnings() == 1 }, patience, tick)
	return e, waker
}

func TestLiveSubscription_EveryServerHearsEverythingFromNowOn(t *testing.T) {
	t.Parallel()
	db := testsupport.Database(t)
	bus, err := NewLiveBus(db, NewWaker(nil, testsupport.Logger(t)))
	require.NoError(t, err)
	before := Revision{"ada", 1}
	require.NoError(t, bus.Announce(t.Context(), []Revision{before}))

	one, waker := startListening(t, db, never)
	two, _ := startListening(t, db, never)
	awaitListeners(t, db, 2)
	bus, err = NewLiveBus(db, waker)
	require.NoError(t, err)
	for n := range int64(20) {
		both := []Revision{{"ada", 2 + n}, {"bob", n}}
		require.NoError(t, bus.Announce(t.Context(), both))
		for _, e := range []*ear{one, two} {
			require.Eventually(t, func() bool { return e.has(both[0]) && e.has(both[1]) }, prompt, tick)
		}
	}
	require.False(t, one.has(before))
	require.Len(t, one.heard, 40)
	require.Less(t, one.late, prompt)

	var messages int
	require.NoError(t, db.QueryRow(t.Context(), "SELECT count(*) FROM watermill_live").Scan(&messages))
	require.Equal(t, 21, messages) // one for both
}

// An announcement that commits late, after later ones were read, is heard.
func TestLiveSubscription_CommitsOutOfOrder(t *testing.T) {
	t.Parallel()
	db := testsupport.Database(t)
	e, waker := startListening(t, db, never)
	bus, err := NewLiveBus(db, waker)
	require.NoError(t, err)
	late, err := db.Begin(t.Context())
	require.NoError(t, err)
	_, err = late.Exec(t.Context(), `INSERT INTO watermill_live (uuid, payload, metadata, transaction_id)
		VALUES ('late', '{"revisions":[{"userId":"late","revision":1}]}', '{}', pg_current_xact_id())`)
	require.NoError(t, err)
	for n := range int64(5) {
		require.NoError(t, bus.Announce(t.Context(), []Revision{{"ada", n}}))
		require.Eventually(t, func() bool { return e.has(Revision{"ada", n}) }, prompt, tick)
	}
	require.NoError(t, late.Commit(t.Context()))
	waker.Wake(Live)
	require.Eventually(t, func() bool { return e.has(Revision{"late", 1}) }, prompt, tick)
	require.Len(t, e.heard, 6) // each once
}

func TestLiveSubscription_BeginsAnewAfterABreak(t *testing.T) {
	t.Parallel()
	db := testsupport.Database(t)
	e, waker := startListening(t, db, often)
	bus, err := NewLiveBus(db, waker)
	require.NoError(t, err)

	require.Eventually(t, func() bool { // a connection that is lost while it commits is no break: everything was read
		_, _ = db.Exec(t.Context(), `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
			WHERE pid <> pg_backend_pid() AND datname = current_database()`) // over a connection that may be lost as well
		return e.beginnings() > 1
	}, patience, 20*tick)
	require.Eventually(t, func() bool { // the last kill may be noticed after it: what is announced before that may not come
		_ = bus.Announce(t.Context(), []Revision{{"ada", 7}})
		return e.has(Revision{"ada", 7})
	}, patience, 20*tick)
}

func TestLiveSubscription_PassesOverWhatItCannotDecode(t *testing.T) {
	t.Parallel()
	db := testsupport.Database(t)
	e, waker := startListening(t, db, never)
	bus, err := NewLiveBus(db, waker)
	require.NoError(t, err)
	exec(t, db, `INSERT INTO watermill_live (uuid, payload, metadata, transaction_id) VALUES
		('a', 'nonsense', '{}', pg_current_xact_id()), ('b', NULL, NULL, pg_current_xact_id())`)
	require.NoError(t, bus.Announce(t.Context(), []Revision{{"ada", 7}}))
	require.Eventually(t, func() bool { return e.has(Revision{"ada", 7}) }, prompt, tick)
}

func TestRetention_AnnouncementsGoByAge(t *testing.T) {
	t.Parallel()
	db := testsupport.Database(t)
	bus, err := NewLiveBus(db, NewWaker(nil, testsupport.Logger(t)))
	require.NoError(t, err)
	for n := range int64(3) {
		require.NoError(t, bus.Announce(t.Context(), []Revision{{"ada", n}}))
	}
	exec(t, db, `UPDATE watermill_live SET created_at = now() - interval '61 seconds' WHERE "offset" < 3`)
	deleted, err := NewRetention(db, time.Hour, time.Hour, testsupport.Logger(t)).Sweep(t.Context())
	require.NoError(t, err)
	require.EqualValues(t, 2, deleted)
}
