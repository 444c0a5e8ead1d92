package testsupport

import (
	"context"
	"errors"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// poolSize is the connections of a pool, at most. Tests that ran 16 at a time held 10 each on average at most: so 16 cores,
// on which nine packages run 16 tests each, take 1,440 of the server's 2,000.
const poolSize = 20

// Database is a migrated database of the test's own, as a pool of up to 20 connections. At the test's end the pool is
// closed, which waits for connections that are still in use, and the database is dropped.
func Database(t testing.TB) *pgxpool.Pool {
	t.Helper()
	pool, err := openPool(t.Context(), DatabaseURL(t))
	if err != nil {
		t.Fatal("open the test's database: ", err)
	}
	t.Cleanup(pool.Close)
	return pool
}

// DatabaseURL is a migrated database of the test's own, as a postgres:// URL. It is dropped at the test's end, and
// connections that are still open are cut.
func DatabaseURL(t testing.TB) string {
	t.Helper()
	s := shared.join(t)
	name, err := s.create(t.Context())
	if err != nil {
		t.Fatal("make the test's database: ", err)
	}
	t.Cleanup(func() {
		ctx, cancel := bounded()
		defer cancel()
		if err := s.drop(ctx, name); err != nil {
			t.Error("drop the test's database: ", err)
		}
	})
	return s.url(name)
}

// Tx is a transaction in a migrated database that the tests of the process share; it is rolled back at the test's end.
// Tests that run in parallel wait for each other where they write the same keys: give each its own collectors.
func Tx(t testing.TB) pgx.Tx {
	t.Helper()
	pool, err := shared.join(t).openCommon(t.Context())
	if err != nil {
		t.Fatal("open the tests' common database: ", err)
	}
	tx, err := pool.Begin(t.Context())
	if err != nil {
		t.Fatal("begin the test's transaction: ", err)
	}
	t.Cleanup(func() {
		ctx, cancel := bounded()
		defer cancel()
		if err := tx.Rollback(ctx); err != nil && !errors.Is(err, pgx.ErrTxClosed) {
			t.Error("roll the test's transaction back: ", err)
		}
	})
	return tx
}

func openPool(ctx context.Context, url string) (*pgxpool.Pool, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, err
	}
	config.MaxConns = poolSize
	return pgxpool.NewWithConfig(ctx, config)
}
