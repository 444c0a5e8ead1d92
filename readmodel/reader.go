package readmodel

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/sync/singleflight"

	"github.com/brickboard/brickboard/domain"
	"github.com/brickboard/brickboard/queries"
)

// Reader reads dashboards. What it answers was true at some moment after it was asked: it must not be given a pool on a
// replica. It is safe for concurrent use.
type Reader struct {
	pool       *pgxpool.Pool
	q          *queries.Queries
	cache      *cache
	flights    singleflight.Group
	compressor compressor

	snapshots bool // each transaction of the pool's sees one moment
}

// OpenReader is NewReader on connections of its own, of which each transaction, also that of a plain pipeline, sees one
// moment and writes nothing: a view takes two statements less. Close ends it. The configuration stays as it is.
func OpenReader(ctx context.Context, config *pgxpool.Config, cacheBytes int64) (*Reader, error) {
	config = config.Copy()
	before := config.AfterConnect
	config.AfterConnect = func(ctx context.Context, conn *pgx.Conn) error {
		if before != nil {
			if err := before(ctx, conn); err != nil {
				return err
			}
		}
		_, err := conn.Exec(ctx, "SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
		return err
	}
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("open pool of snapshots: %w", err)
	}
	r := NewReader(pool, cacheBytes)
	r.snapshots = true
	return r, nil
}

// Close closes the reader's pool.
func (r *Reader) Close() { r.pool.Close() }

// NewReader keeps at most cacheBytes of encoded answers; 0 keeps none.
func NewReader(pool *pgxpool.Pool, cacheBytes int64) *Reader {
	return &Reader{pool: pool, q: queries.New(), cache: newCache(cacheBytes)}
}

// State is what the collector's view is now. An unknown collector is at revision 0.
func (r *Reader) State(ctx context.Context, collector domain.CollectorID) (State, error) {
	row, err := r.q.CollectorRevisionGet(ctx, r.pool, string(collector))
	if errors.Is(err, pgx.ErrNoRows) {
		return r.stateOfUnknown(ctx, collector)
	}
	if err != nil {
		return State{}, fmt.Errorf("read revision: %w", err)
	}
	return State{Epoch: wireEpoch(row.Epoch, collector), Revision: row.Revision}, nil
}

// Snapshot is the collector's view now.
func (r *Reader) Snapshot(ctx context.Context, collector domain.CollectorID) (*Snapshot, error) {
	if !r.cache.has(collector) { // nothing to prove right
		return r.read(ctx, collector)
	}
	state, err := r.State(ctx, collector)
	if err != nil {
		return nil, err
	}
	return r.SnapshotAt(ctx, collector, state)
}

// SnapshotAt is the collector's view at the given state, or at a newer one. The state must have been read for the
// request at hand: it is what proves a cached answer right. Requests for the same state share one reading.
func (r *Reader) SnapshotAt(ctx context.Context, collector domain.CollectorID, state State) (*Snapshot, error) {
	if cached := r.cache.get(collector, state); cached != nil {
		return cached, nil
	}
	// A reading that was begun for this state began after somebody saw it, so it is not older.
	flight := r.flights.DoChan(string(collector)+"\x00"+state.String(), func() (any, error) {
		reading, cancel := uncancelled(ctx)
		defer cancel()
		return r.read(reading, collector)
	})
	select {
	case done := <-flight:
		if errors.Is(done.Err, context.DeadlineExceeded) && ctx.Err() == nil { // the time of who began it is over, ours is not
			return r.SnapshotAt(ctx, collector, state)
		}
		if done.Err != nil {
			return nil, done.Err
		}
		return done.Val.(*Snapshot), nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// uncancelled goes on when ctx is cancelled, for others may share what is read, but not beyond its deadline: what waits
// for a lock must not keep a connection.
func uncancelled(ctx context.Context) (context.Context, context.CancelFunc) {
	shared := context.WithoutCancel(ctx)
	if deadline, ok := ctx.Deadline(); ok {
		return context.WithDeadline(shared, deadline)
	}
	return shared, func() {}
}

func (r *Reader) read(ctx context.Context, collector domain.CollectorID) (*Snapshot, error) {
	state, view, err := r.View(ctx, collector)
	if err != nil {
		return nil, err
	}
	snapshot, err := newSnapshot(state, view, &r.compressor)
	if err != nil {
		return nil, err
	}
	r.cache.put(collector, snapshot)
	return snapshot, nil
}

// View reads all four sections and their state at one point in time, in one round trip. A plain batch would not do:
// each of its statements sees a moment of its own, unless the pool's transactions are snapshots.
func (r *Reader) View(ctx context.Context, collector domain.CollectorID) (state State, view DashboardView, err error) {
	p := queries.NewPipeline(r.pool)
	sections, err := r.queue(ctx, p, collector)
	if err != nil {
		return State{}, DashboardView{}, fmt.Errorf("queue view: %w", err)
	}
	state, view, err = sections.take(collector)
	if closing := p.Run(ctx); err == nil {
		err = closing
	}
	if err != nil {
		return State{}, DashboardView{}, fmt.Errorf("read view: %w", err)
	}
	return state, view, nil
}

func (r *Reader) stateOfUnknown(ctx context.Context, collector domain.CollectorID) (state State, err error) {
	r.q.CollectorRevisionRead(ctx, r.pool, []string{string(collector)}).QueryRow(
		func(_ int, row queries.CollectorRevisionReadRow, e error) {
			state, err = State{Epoch: wireEpoch(row.Epoch, collector), Revision: row.Revision}, e
		})
	if err != nil {
		return State{}, fmt.Errorf("read revision: %w", err)
	}
	return state, nil
}
