package projections

import (
	"context"
	"fmt"
	"sync"

	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/sync/errgroup"

	"github.com/brickboard/brickboard/domain"
	"github.com/brickboard/brickboard/queries"
)

// Rebuilder makes the read model what the write model says, beside live traffic: of some collectors at a time, in one
// transaction that holds them. A rebuild that was stopped or killed at any point can be run again.
type Rebuilder struct {
	pool     *pgxpool.Pool
	q        *queries.Queries
	announce Announcer
}

// NewRebuilder rebuilds through pool, from which each worker takes one connection.
func NewRebuilder(pool *pgxpool.Pool, announce Announcer) *Rebuilder {
	return &Rebuilder{pool: pool, q: queries.New(), announce: announce}
}

// Rebuilt is what a rebuild found. A collector is right or mended; Rows are those of the projected state and of the read
// tables that differed.
type Rebuilt struct {
	Right, Mended int
	Rows          int64
}

// rebuild is one run of a Rebuilder.
type rebuild struct {
	*Rebuilder
	everything bool // nothing is left to its event
	report     func(Progress)

	mu       sync.Mutex
	result   Rebuilt
	progress *Progress
	busy     []string // collectors that somebody held
}

// Run rebuilds these collectors, or all, with so many workers. What is merely behind is left to its event, unless
// nothing is projected of anybody. Collectors that somebody holds come last, each waited for. report is called after
// each transaction, from one goroutine at a time.
func (r *Rebuilder) Run(ctx context.Context, users []domain.CollectorID, workers int, report func(Progress)) (Rebuilt, error) {
	projected, err := r.q.CollectorsAnyProjected(ctx, r.pool)
	if err != nil {
		return Rebuilt{}, fmt.Errorf("look for projected state: %w", err)
	}
	chunks, total, err := list(ctx, r.q, r.pool, users)
	if err != nil {
		return Rebuilt{}, err
	}
	run := &rebuild{Rebuilder: r, everything: !projected, report: report, progress: newProgress(chunks, total)}
	working, workingCtx := errgroup.WithContext(ctx)
	working.SetLimit(workers)
	for _, c := range chunks {
		working.Go(func() error {
			if err := run.chunk(workingCtx, c); err != nil {
				return fmt.Errorf("rebuild %d collectors from %q on: %w", len(c.collectors), c.collectors[0], err)
			}
			return nil
		})
	}
	if err := working.Wait(); err != nil {
		return run.result, err
	}
	return run.result, run.waitForBusy(ctx)
}

// chunk mends those of the chunk's collectors that nobody holds.
func (r *rebuild) chunk(ctx context.Context, c chunk) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	got, differed, err := r.mend(ctx, c.collectors, false)
	if err != nil {
		return err
	}
	r.count(c, got, differed)
	return nil
}

// waitForBusy mends, one by one, the collectors that somebody held.
func (r *rebuild) waitForBusy(ctx context.Context) error {
	for _, id := range r.busy {
		got, differed, err := r.mend(ctx, []string{id}, true)
		if err != nil {
			return fmt.Errorf("rebuild %q: %w", id, err)
		}
		r.count(chunk{collectors: got}, got, differed)
	}
	return nil
}

func (r *rebuild) count(c chunk, got []string, differed map[string]int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	held := make(map[string]bool, len(got))
	for _, id := range got {
		held[id] = true
	}
	for _, id := range c.collectors {
		if !held[id] {
			r.busy = append(r.busy, id)
		}
	}
	r.result.Mended += len(differed)
	r.result.Right += len(got) - len(differed)
	for _, rows := range differed {
		r.result.Rows += rows
	}
	r.progress.add(len(got), c.rows)
	r.report(*r.progress)
}
