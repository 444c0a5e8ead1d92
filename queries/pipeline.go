package queries

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// Pipeline is a DBTX that collects statements and sends them in one round trip. On a pool they are one transaction of
// their own, or the beginning of the one that Begin opens; on a transaction they are a part of it.
//
// :exec queries are only queued: their error comes from Run. :batch queries are queued too; reading the first result
// sends everything, and results must be read in the order of the queries. :one and :many queries cannot wait and fail.
// A Pipeline is used once, by one goroutine.
type Pipeline struct {
	db      DBTX
	batch   pgx.Batch
	results pgx.BatchResults
	read    int // statements whose results have been taken
}

// NewPipeline queues for db.
func NewPipeline(db DBTX) *Pipeline {
	return &Pipeline{db: db}
}

// Begin makes the pipeline open a transaction, which Tx returns once something was sent and which the caller ends. It
// comes before anything is queued.
func (p *Pipeline) Begin(options pgx.TxOptions) {
	p.batch.BeginTx(options)
}

// Tx is the transaction that Begin asked for; nil before anything was sent.
func (p *Pipeline) Tx() pgx.Tx {
	if p.results == nil {
		return nil
	}
	return p.results.Tx()
}

// Run sends what is queued, unless it was sent for a result, and takes the results that are left. It returns the first
// error; then, on a pool, nothing of the pipeline has happened.
func (p *Pipeline) Run(ctx context.Context) error {
	p.send(ctx)
	var first error
	for p.read < p.batch.Len() && first == nil {
		first = p.skip()
	}
	return errors.Join(first, p.results.Close())
}

// Exec queues a statement. The tag is empty, for nothing has run.
func (p *Pipeline) Exec(_ context.Context, sql string, args ...any) (pgconn.CommandTag, error) {
	p.batch.Queue(sql, args...)
	return pgconn.CommandTag{}, nil
}

// SendBatch queues the statements of b.
func (p *Pipeline) SendBatch(ctx context.Context, b *pgx.Batch) pgx.BatchResults {
	from := p.batch.Len()
	p.batch.QueuedQueries = append(p.batch.QueuedQueries, b.QueuedQueries...)
	return &queuedResults{p: p, ctx: ctx, from: from}
}

var errCannotWait = errors.New("a pipeline takes :exec and :batch queries only")

// Query fails.
func (p *Pipeline) Query(context.Context, string, ...any) (pgx.Rows, error) {
	return nil, errCannotWait
}

// QueryRow fails when it is scanned.
func (p *Pipeline) QueryRow(context.Context, string, ...any) pgx.Row {
	return failedRow{errCannotWait}
}

func (p *Pipeline) send(ctx context.Context) {
	if p.results == nil {
		p.results = p.db.SendBatch(ctx, &p.batch)
	}
}

func (p *Pipeline) skip() error {
	p.read++
	_, err := p.results.Exec()
	return err
}

type failedRow struct{ err error }

func (r failedRow) Scan(...any) error { return r.err }

// queuedResults are the results of one SendBatch, which begin at statement from of the pipeline.
type queuedResults struct {
	p    *Pipeline
	ctx  context.Context
	from int
}

func (r *queuedResults) reach() error {
	r.p.send(r.ctx)
	for r.p.read < r.from {
		if err := r.p.skip(); err != nil {
			return err
		}
	}
	r.p.read++
	return nil
}

func (r *queuedResults) Exec() (pgconn.CommandTag, error) {
	if err := r.reach(); err != nil {
		return pgconn.CommandTag{}, err
	}
	return r.p.results.Exec()
}

func (r *queuedResults) Query() (pgx.Rows, error) {
	if err := r.reach(); err != nil {
		return nil, err
	}
	return r.p.results.Query()
}

func (r *queuedResults) QueryRow() pgx.Row {
	if err := r.reach(); err != nil {
		return failedRow{err}
	}
	return r.p.results.QueryRow()
}

func (r *queuedResults) Tx() pgx.Tx { return nil }

// Close leaves the connection to Run.
func (r *queuedResults) Close() error { return nil }
