package messaging

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"

	"github.com/brickboard/brickboard/internal/testsupport"
)

func TestWaker_Wake(t *testing.T) {
	t.Parallel()

	// settled is a server that polls only after the test, and waits.
	settled := func(t *testing.T) (s *server, in *inbox, publish func() string) {
		db := testsupport.Database(t)
		in = new(inbox)
		config := testConfig()
		config.PollInterval = never
		s = startServer(t, db, config, in.handle)
		publish = func() string { return appendNew(t, db, Collection1, 1)[0] }
		id := publish()
		require.Eventually(t, func() bool { s.waker.Wake(Topics()...); return in.has(id) }, patience, tick)
		return s, in, publish
	}
	promptly := func(t *testing.T, in *inbox, id string) {
		require.Eventually(t, func() bool { return in.has(id) }, prompt, tick)
	}

	t.Run("InThisProcess", func(t *testing.T) {
		t.Parallel()
		s, in, publish := settled(t)
		for range 20 {
			id := publish()
			s.waker.Wake(Collection1)
			promptly(t, in, id)
		}
	})

	t.Run("OnOtherServers", func(t *testing.T) {
		t.Parallel()
		db, in := testsupport.Database(t), new(inbox)
		config := testConfig()
		config.PollInterval = never
		startServer(t, db, config, in.handle)
		sender := NewWaker(db, testsupport.Logger(t)) // of a process without projections
		ctx, cancel := context.WithCancel(t.Context())
		var running sync.WaitGroup
		running.Go(func() { _ = sender.Run(ctx) })
		t.Cleanup(func() { cancel(); running.Wait() })
		awaitListeners(t, db, 1)
		for range 20 {
			id := appendNew(t, db, Collection1, 1)[0]
			sender.Wake(Collection1)
			promptly(t, in, id)
		}
	})

	t.Run("NeverBlocks", func(t *testing.T) {
		t.Parallel()
		waker := NewWaker(nil, testsupport.Logger(t)) // nobody runs it
		for range 1000 {
			waker.Wake(Collection0, Collection1, "unknown")
		}
		require.Equal(t, []string{Collection0, Collection1, "unknown"}, waker.takeUntold())
	})
}

func TestListener_Run(t *testing.T) {
	t.Parallel()

	t.Run("WakesAllAfterItsConnectionWasLost", func(t *testing.T) {
		t.Parallel()
		db, in := testsupport.Database(t), new(inbox)
		config := testConfig()
		config.PollInterval = never
		startServer(t, db, config, in.handle)
		for range 2 {
			awaitListeners(t, db, 1)
			id := appendNew(t, db, Collection0, 1)[0] // nobody is told
			exec(t, db, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
				WHERE application_name = 'brickboard listener' AND datname = current_database()`)
			in.await(t, id)
		}
	})

	t.Run("EndsWhileTheDatabaseIsAway", func(t *testing.T) {
		t.Parallel()
		config := testsupport.Database(t).Config().ConnConfig
		config.Host, config.Port, config.Fallbacks = "127.0.0.1", 1, nil
		ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
		defer cancel()
		require.NoError(t, NewListener(config, NewWaker(nil, testsupport.Logger(t)), testsupport.Logger(t)).Run(ctx))
	})
}

func awaitListeners(t *testing.T, db interface {
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}, n int,
) {
	t.Helper()
	require.Eventually(t, func() bool {
		var listening int
		err := db.QueryRow(t.Context(), `SELECT count(*) FROM pg_stat_activity
			WHERE application_name = 'brickboard listener' AND datname = current_database() AND query LIKE 'LISTEN%' AND state = 'idle'`).Scan(&listening)
		return err == nil && listening == n
	}, patience, tick)
}

func TestWaker_Hear(t *testing.T) {
	t.Parallel()
	waker := NewWaker(nil, testsupport.Logger(t))
	woken := func() (topics []string) {
		for _, topic := range Topics() {
			select {
			case <-waker.woken[topic]:
				topics = append(topics, topic)
			default:
			}
		}
		return topics
	}
	for payload, want := range map[string][]string{
		"other collection_1":              {Collection1},
		"other collection_0 collection_1": Topics(),
		"other collection_7 collection_0": {Collection0},
		waker.instance + " collection_0":  nil,
		"":                                nil,
		"collection_0":                    nil,
		"\x00  other\n":                   nil,
	} {
		waker.hear(payload)
		require.Equal(t, want, woken(), "%q", payload)
	}
}

// notifications is a database that counts what it is told, and fails as often as wanted.
type notifications struct {
	mu       sync.Mutex
	failures int
	payloads []string
	at       []time.Time
}

func (n *notifications) Exec(_ context.Context, _ string, args ...any) (pgconn.CommandTag, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.at = append(n.at, time.Now())
	if n.failures > 0 {
		n.failures--
		return pgconn.CommandTag{}, errors.New("no connection")
	}
	_, topics, _ := strings.Cut(fmt.Sprint(args[1]), " ")
	n.payloads = append(n.payloads, topics)
	return pgconn.CommandTag{}, nil
}

func (n *notifications) told() []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.Clone(n.payloads)
}

func TestWaker_Run(t *testing.T) {
	t.Parallel()
	run := func(name string, db *notifications, test func(t *testing.T, waker *Waker)) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				waker := NewWaker(db, testsupport.Logger(t))
				go func() { _ = waker.Run(ctx) }()
				test(t, waker)
			})
		})
	}

	at := new(notifications)
	run("TellsAtOnceAndThenTogether", at, func(t *testing.T, waker *Waker) {
		waker.Wake(Collection0)
		synctest.Wait()
		require.Equal(t, []string{Collection0}, at.told())
		for range 100 {
			waker.Wake(Collection1)
			waker.Wake(Collection0)
		}
		synctest.Wait()
		require.Len(t, at.told(), 1)
		time.Sleep(notifyInterval) // the test's own clock
		synctest.Wait()
		require.Equal(t, []string{Collection0, "collection_0 collection_1"}, at.told())
		time.Sleep(time.Hour)
		synctest.Wait()
		require.Len(t, at.told(), 2)
	})

	failing := &notifications{failures: 3}
	run("RetriesWhatCouldNotBeTold", failing, func(t *testing.T, waker *Waker) {
		began := time.Now()
		waker.Wake(Collection1)
		time.Sleep(time.Minute) // the test's own clock
		synctest.Wait()
		require.Equal(t, []string{Collection1}, failing.told())
		require.Len(t, failing.at, 4)
		require.Equal(t, 700*time.Millisecond, failing.at[3].Sub(began))
	})
}

// stuck is a database that answers nothing before the caller has had enough.
type stuck struct{}

func (stuck) Exec(ctx context.Context, _ string, _ ...any) (pgconn.CommandTag, error) {
	<-ctx.Done()
	return pgconn.CommandTag{}, ctx.Err()
}

// A process that ends while it tells others has not told them.
func TestWaker_Run_LeavesToFlushWhatItDidNotTell(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		waker := NewWaker(stuck{}, testsupport.Logger(t))
		go func() { _ = waker.Run(ctx) }()
		waker.Wake(Collection0)
		synctest.Wait()
		require.Empty(t, waker.takeUntold())
		stop()
		synctest.Wait()
		require.Equal(t, []string{Collection0}, waker.takeUntold())
	})
}

func TestWaker_Flush(t *testing.T) {
	t.Parallel()
	db := new(notifications)
	waker := NewWaker(db, testsupport.Logger(t))
	require.NoError(t, waker.Flush(t.Context()))
	require.Empty(t, db.told())
	waker.Wake(Collection1)
	waker.Wake(Collection0)
	for range 2 {
		require.NoError(t, waker.Flush(t.Context()))
		require.Equal(t, []string{"collection_0 collection_1"}, db.told())
	}
}
