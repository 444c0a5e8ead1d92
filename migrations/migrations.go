// Package migrations is the database schema: numbered SQL files, embedded, applied in order by goose. They are also
// the schema that sqlc reads. Each runs in a transaction; of several servers that start at once, one migrates and the
// others wait.
package migrations

import (
	"context"
	"database/sql"
	"embed"
	"fmt"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx" that goose works through
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

// FS holds the migrations, NNNN_name.sql.
//
//go:embed *.sql
var FS embed.FS

// Step is one migration and whether the database has it.
type Step struct {
	Name    string
	Applied bool
}

// NewerSchemaError says that the database was migrated by a newer program than this one.
type NewerSchemaError struct{ Database, Known int64 }

func (e *NewerSchemaError) Error() string {
	return fmt.Sprintf("the database has schema version %d and this program knows up to %d: run the newer program, or migrate down with it first",
		e.Database, e.Known)
}

// Up applies what is missing. It returns a *NewerSchemaError, and changes nothing, when the database is ahead.
func Up(ctx context.Context, url string) error {
	return with(ctx, url, func(p *goose.Provider) error {
		if err := refuseNewer(ctx, p); err != nil {
			return err
		}
		_, err := p.Up(ctx)
		return err
	})
}

// Down takes back the newest migration, with the data of its tables.
func Down(ctx context.Context, url string) error {
	return with(ctx, url, func(p *goose.Provider) error {
		if err := refuseNewer(ctx, p); err != nil {
			return err
		}
		_, err := p.Down(ctx)
		return err
	})
}

// Status lists every known migration in order. It returns a *NewerSchemaError when the database is ahead.
func Status(ctx context.Context, url string) (steps []Step, err error) {
	err = with(ctx, url, func(p *goose.Provider) error {
		if err := refuseNewer(ctx, p); err != nil {
			return err
		}
		states, err := p.Status(ctx)
		for _, s := range states {
			steps = append(steps, Step{Name: s.Source.Path, Applied: s.State == goose.StateApplied})
		}
		return err
	})
	return steps, err
}

func refuseNewer(ctx context.Context, p *goose.Provider) error {
	current, known, err := p.GetVersions(ctx)
	if err != nil {
		return err
	}
	if current > known {
		return &NewerSchemaError{Database: current, Known: known}
	}
	return nil
}

func with(ctx context.Context, url string, do func(*goose.Provider) error) error {
	db, err := sql.Open("pgx", url)
	if err != nil {
		return fmt.Errorf("open database for migrations: %w", err)
	}
	defer db.Close()
	locker, err := lock.NewPostgresSessionLocker()
	if err != nil {
		return fmt.Errorf("make migration lock: %w", err)
	}
	provider, err := goose.NewProvider(goose.DialectPostgres, db, FS, goose.WithSessionLocker(locker), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return fmt.Errorf("read migrations: %w", err)
	}
	if err := do(provider); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return nil
}
