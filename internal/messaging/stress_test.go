package messaging

import (
	"context"
	"errors"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ThreeDotsLabs/watermill/message"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/brickboard/brickboard/internal/testsupport"
)

const (
	stressWriters = 3
	stressOpen    = 5 // transactions of a writer at a time
	stressTime    = 4 * time.Second
)

// TestSubscription_Stress has servers with batches of all sizes share the topics while writers commit out of order and
// roll back, wholly and to savepoints, and while older transactions stay open, one of them in another database.
// What committed is delivered, what did not is not, and no topic is handled by two servers at a time.
func TestSubscription_Stress(t *testing.T) {
	t.Parallel()
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)

	db, in := testsupport.Database(t), new(inbox)
	foreign, older := begin(t, testsupport.Database(t)), begin(t, db)
	exec(t, foreign, `SELECT pg_current_xact_id()`)
	late := append(appendNew(t, older, Collection0, 50), appendNew(t, older, Collection1, 50)...)

	handling := map[string]*atomic.Int32{Collection0: new(atomic.Int32), Collection1: new(atomic.Int32)}
	var together, nacks atomic.Int32
	for _, size := range []int{1, 2, 5, 20, 200} {
		config := testConfig()
		config.BatchSize = size
		config.PollInterval = time.Microsecond // so that they get into each other's way
		startServer(t, db, config, func(ctx context.Context, topic string, records []Record) error {
			if handling[topic].Add(1) > 1 {
				together.Add(1)
			}
			defer handling[topic].Add(-1)
			if rand.IntN(20) == 0 {
				nacks.Add(1)
				return errors.New("not now")
			}
			return in.handle(ctx, topic, records)
		})
	}

	config := db.Config()
	config.MaxConns = stressWriters * stressOpen
	writerPool, err := pgxpool.NewWithConfig(t.Context(), config)
	require.NoError(t, err)
	t.Cleanup(writerPool.Close)
	writers := make([]*stressWriter, stressWriters)
	var writing sync.WaitGroup
	deadline := time.Now().Add(stressTime)
	for n := range writers {
		writers[n] = &stressWriter{db: writerPool, random: rand.New(rand.NewPCG(seed, uint64(n))), committed: make(map[string]bool)}
		writing.Go(func() { writers[n].run(t.Context(), deadline) })
	}
	writing.Wait()

	committed := make(map[string]bool)
	for _, w := range writers {
		require.NoError(t, w.err)
		maps.Copy(committed, w.committed)
	}
	in.await(t, slices.Collect(maps.Keys(committed))...)
	require.False(t, in.has(late[0]), "delivered before it committed")
	commit(t, older)
	in.await(t, late...)
	for _, id := range late {
		committed[id] = true
	}
	for id := range in.uuids() {
		require.True(t, committed[id], "delivered though it did not commit")
	}
	require.Zero(t, together.Load(), "two servers handled a topic at a time")
	require.NotZero(t, nacks.Load())
	t.Logf("%d messages in %d batches, %d nacks", len(committed), len(in.sizes()), nacks.Load())
}

// stressWriter takes steps of several open transactions in turn.
type stressWriter struct {
	db        *pgxpool.Pool
	random    *rand.Rand
	open      []*stressTx
	committed map[string]bool
	err       error
}

// stressTx is an open transaction, or a savepoint of one, and what it wrote.
type stressTx struct {
	pgx.Tx
	wrote []string
}

func (w *stressWriter) run(ctx context.Context, deadline time.Time) {
	defer func() {
		for _, tx := range w.open {
			_ = tx.Rollback(context.WithoutCancel(ctx))
		}
	}()
	for w.err == nil && (time.Now().Before(deadline) || len(w.open) > 0) {
		if len(w.open) < stressOpen && time.Now().Before(deadline) {
			w.err = w.begin(ctx)
			continue
		}
		at := w.random.IntN(len(w.open))
		tx := w.open[at]
		switch step := w.random.IntN(10); {
		case step < 4:
			tx.wrote, w.err = w.write(ctx, tx, tx.wrote)
		case step < 6:
			w.err = w.savepoint(ctx, tx)
		case step < 9:
			w.err = tx.Commit(ctx)
			for _, id := range tx.wrote {
				w.committed[id] = true
			}
			w.open = slices.Delete(w.open, at, at+1)
		default:
			w.err = tx.Rollback(ctx)
			w.open = slices.Delete(w.open, at, at+1)
		}
	}
}

func (w *stressWriter) begin(ctx context.Context) error {
	tx, err := w.db.Begin(ctx)
	if err == nil {
		w.open = append(w.open, &stressTx{Tx: tx})
	}
	return err
}

// write appends mostly a few messages, now and then more than most batches hold.
func (w *stressWriter) write(ctx context.Context, tx pgx.Tx, wrote []string) ([]string, error) {
	n := 1 + w.random.IntN(5)
	if w.random.IntN(50) == 0 {
		n = 300
	}
	msgs := make([]*message.Message, n)
	for i := range msgs {
		msgs[i] = message.NewMessage(uuid.NewString(), []byte("{}"))
		wrote = append(wrote, msgs[i].UUID)
	}
	return wrote, Outbox{}.Append(ctx, tx, collectorOf(Topics()[w.random.IntN(2)]), msgs...)
}

func (w *stressWriter) savepoint(ctx context.Context, tx *stressTx) error {
	inner, err := tx.Begin(ctx)
	if err != nil {
		return err
	}
	wrote, err := w.write(ctx, inner, nil)
	if err != nil {
		return err
	}
	if w.random.IntN(2) == 0 {
		return inner.Rollback(ctx)
	}
	tx.wrote = append(tx.wrote, wrote...)
	return inner.Commit(ctx)
}
