package projections

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/sync/errgroup"

	"github.com/brickboard/brickboard/domain"
	"github.com/brickboard/brickboard/queries"
)

// Verifier holds the read model against what a rebuild would make of it, and writes nothing.
type Verifier struct {
	pool *pgxpool.Pool
	q    *queries.Queries
}

// NewVerifier verifies through pool, from which it takes one connection more than there are workers.
func NewVerifier(pool *pgxpool.Pool) *Verifier {
	return &Verifier{pool: pool, q: queries.New()}
}

// Drift is one column that is not as it should be. Of a row that is there and should not be, or the other way round, the
// Column is empty and one of the values is null. DeadLetter is the event that is to blame, where there is one.
type Drift struct {
	Collector  string          `json:"userId"`
	Table      string          `json:"table"`
	Key        string          `json:"key"` // id or theme; empty where a collector has one row
	Column     string          `json:"column"`
	Present    json.RawMessage `json:"present"`
	Computed   json.RawMessage `json:"computed"`
	DeadLetter string          `json:"deadLetter,omitempty"`
}

// Verified is what a verification found: how many collectors it looked at, how many rows drifted, and how many are
// merely behind, because their events are still to come. Drifts are the first that were met.
type Verified struct {
	Collectors  int
	DriftedRows int64
	PendingRows int64
	Drifts      []Drift
}

// verification is one run of a Verifier.
type verification struct {
	*Verifier
	snapshot string
	limit    int
	awaited  map[aggregateVersion]bool
	dead     map[aggregateVersion]string // the version is left out: one letter an aggregate is enough
	report   func(Progress)

	mu       sync.Mutex
	result   Verified
	progress *Progress
}

// aggregateVersion is a version of an aggregate, as text.
type aggregateVersion struct{ id, version string }

// Run verifies these collectors, or all, at one moment, with so many workers; it keeps at most limit drifts. report is
// called after each part, from one goroutine at a time.
func (v *Verifier) Run(ctx context.Context, users []domain.CollectorID, workers, limit int, report func(Progress)) (Verified, error) {
	tx, err := v.pool.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly})
	if err != nil {
		return Verified{}, fmt.Errorf("begin: %w", err)
	}
	defer func() { _ = tx.Rollback(context.WithoutCancel(ctx)) }()
	if err := v.q.TransactionMayIdle(ctx, tx); err != nil { // it holds the snapshot while others work
		return Verified{}, fmt.Errorf("set timeout: %w", err)
	}
	run := &verification{Verifier: v, limit: limit, report: report}
	if run.snapshot, err = v.q.TransactionSnapshot(ctx, tx); err != nil {
		return Verified{}, fmt.Errorf("export snapshot: %w", err)
	}
	if err := run.readParked(ctx, tx); err != nil {
		return Verified{}, err
	}
	chunks, total, err := list(ctx, v.q, tx, users)
	if err != nil {
		return Verified{}, err
	}
	run.progress, run.result.Collectors = newProgress(chunks, total), total
	work := make(chan chunk)
	working, ctx := errgroup.WithContext(ctx)
	for range workers {
		working.Go(func() error { return run.work(ctx, work) })
	}
	working.Go(func() error {
		defer close(work)
		for _, c := range chunks {
			select {
			case work <- c:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return nil
	})
	err = working.Wait()
	return run.result, err
}

// readParked reads what is still to come, and what is not.
func (r *verification) readParked(ctx context.Context, tx pgx.Tx) error {
	awaited, err := r.q.AwaitedVersions(ctx, tx)
	if err != nil {
		return fmt.Errorf("read awaited versions: %w", err)
	}
	r.awaited = make(map[aggregateVersion]bool, len(awaited))
	for _, a := range awaited {
		r.awaited[aggregateVersion{a.AggregateID, a.Version}] = true
	}
	dead, err := r.q.ParkedEventsDead(ctx, tx, []string{})
	if err != nil {
		return fmt.Errorf("read dead letters: %w", err)
	}
	r.dead = make(map[aggregateVersion]string, len(dead))
	for _, d := range dead {
		if d.AggregateID != nil {
			r.dead[aggregateVersion{id: d.AggregateID.String()}] = d.EventID
		}
	}
	return nil
}
