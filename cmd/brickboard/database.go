package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/brickboard/brickboard/internal/embeddedpg"
	"github.com/brickboard/brickboard/internal/messaging"
	"github.com/brickboard/brickboard/projections"
)

// database is the configured PostgreSQL, or the embedded one of the data folder, which others may share.
type database struct {
	url   string
	log   *slog.Logger
	leave func() error
}

func openDatabase(ctx context.Context, c Config, log *slog.Logger) (*database, error) {
	if c.DatabaseURL != "" {
		return &database{url: c.DatabaseURL, log: log, leave: func() error { return nil }}, nil
	}
	server, err := embeddedpg.Start(ctx, embeddedpg.Config{DataDir: c.DataDir, BinDir: c.PostgresBin, Log: log})
	if err != nil {
		return nil, fmt.Errorf("start embedded PostgreSQL: %w", err)
	}
	return &database{url: server.URL(), log: log, leave: server.Close}, nil
}

// seeToSchema sees to the schema of the database at url, or fails: migrations.Up, requireSchema for a command that only
// reads, or what `migrate` is asked for.
type seeToSchema func(ctx context.Context, url string) error

// withDatabase runs do on the database when its schema is ready.
func (p *program) withDatabase(ctx context.Context, ready seeToSchema, do func(db *database, log *slog.Logger) error) (err error) {
	log := p.logger()
	db, err := openDatabase(ctx, p.config, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.leave()) }()
	if err := db.requireServer(ctx); err != nil {
		return err
	}
	if err := ready(ctx, db.url); err != nil {
		return err
	}
	return do(db, log)
}

// requireSchema refuses a database that lacks migrations, and applies none.
func requireSchema(ctx context.Context, url string) error {
	check, err := checkSchema(ctx, url)
	if err == nil && check.Advice != "" {
		err = fmt.Errorf("the database's schema is not that of this program, %s: %s", check.Found, check.Advice)
	}
	return err
}

// poolConfig is that of a pool of at most size connections, named for whoever looks at pg_stat_activity.
func (db *database) poolConfig(name string, size int) (*pgxpool.Config, error) {
	config, err := parseDatabaseURL(db.url)
	if err != nil {
		return nil, err
	}
	config.MaxConns = int32(size)
	messaging.DetectDeadPeers(config.ConnConfig)
	config.ConnConfig.RuntimeParams["application_name"] = "brickboard " + name
	// Behind a new connection may be another database than behind the one before: restored, or failed over.
	config.AfterConnect = func(ctx context.Context, conn *pgx.Conn) error {
		_, err := projections.CheckIdentity(ctx, conn, db.log)
		return err
	}
	return config, nil
}

func parseDatabaseURL(url string) (*pgxpool.Config, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, errors.New("--database-url is not a PostgreSQL URL: give postgres://user:password@host:port/database") // the cause would show the password
	}
	return config, nil
}

func (db *database) pool(ctx context.Context, name string, size int) (*pgxpool.Pool, error) {
	config, err := db.poolConfig(name, size)
	if err != nil {
		return nil, err
	}
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("open %s pool: %w", name, err)
	}
	return pool, nil
}
