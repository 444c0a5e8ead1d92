package messaging

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	watermillsql "github.com/ThreeDotsLabs/watermill-sql/v4/pkg/sql"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

const (
	serializationFailure = "40001"

	// endTimeout bounds the commit or rollback of a subscriber's transaction, which outlives the subscription's context.
	endTimeout = 5 * time.Second
)

// beginner opens the transactions of a subscriber. watermill-sql never asks its rows for their error, so a broken
// connection or a full disk would look like an empty topic; these tell it when the statement is started.
type beginner struct {
	watermillsql.Beginner
	pool *pgxpool.Pool
}

func newBeginner(pool *pgxpool.Pool) beginner {
	return beginner{Beginner: watermillsql.BeginnerFromPgx(pool), pool: pool}
}

// BeginTx always begins in REPEATABLE READ, which the position depends on.
func (b beginner) BeginTx(ctx context.Context, _ *sql.TxOptions) (watermillsql.Tx, error) {
	tx, err := b.pool.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead})
	if err != nil {
		return nil, err
	}
	return transaction{PgxTx: watermillsql.PgxTx{Tx: tx}, ctx: context.WithoutCancel(ctx)}, nil
}

type transaction struct {
	watermillsql.PgxTx
	ctx context.Context
}

// QueryContext runs a query up to its first row, so that its failure is an error. That the position moved since the
// snapshot was taken (SQLSTATE 40001) is none: whoever moved it reads on from there, and here is nothing now.
func (t transaction) QueryContext(ctx context.Context, query string, args ...any) (watermillsql.Rows, error) {
	rows, err := t.Tx.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	begun := &begunRows{PgxRows: watermillsql.PgxRows{Rows: rows}, onFirst: rows.Next()}
	var failure *pgconn.PgError
	if err := rows.Err(); err != nil && !(errors.As(err, &failure) && failure.Code == serializationFailure) {
		return nil, err
	}
	return begun, nil
}

// Commit ends the transaction also while the subscription closes, so that a batch that was handled is not handled again.
func (t transaction) Commit() error {
	ctx, cancel := context.WithTimeout(t.ctx, endTimeout)
	defer cancel()
	return t.Tx.Commit(ctx)
}

// Rollback tells no error when the connection was lost before: the server has rolled back then.
func (t transaction) Rollback() error {
	ctx, cancel := context.WithTimeout(t.ctx, endTimeout)
	defer cancel()
	lost := t.Tx.Conn().IsClosed()
	if err := t.Tx.Rollback(ctx); err != nil && !lost {
		return fmt.Errorf("roll back: %w", err)
	}
	return nil
}

// begunRows are rows of which the first was already asked for.
type begunRows struct {
	watermillsql.PgxRows
	onFirst bool
}

func (r *begunRows) Next() bool {
	if r.onFirst {
		r.onFirst = false
		return true
	}
	return r.PgxRows.Next()
}
