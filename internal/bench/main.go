// Command bench measures what Brickboard promises of its speed: figures of this run, and their ratios to floors that
// are measured in the same run, in turns, so that a busy machine slows both. `make bench` runs it; arguments pick
// sections by name.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/brickboard/brickboard/internal/embeddedpg"
	"github.com/brickboard/brickboard/migrations"
)

// section measures one promise.
type section struct {
	name string
	run  func(ctx context.Context, b *bench) error
}

func sections() []section {
	return []section{{"reads", reads}, {"torn", torn}, {"commands", commands}, {"lag", lag}, {"backlog", backlog}, {"rebuild", rebuilding},
		{"live-latency", liveLatency}, {"live-crowd", liveCrowd}, {"live-hostile", liveHostile}, {"live-reconnects", liveReconnects},
		{"paint", paint}, {"frames", frames}}
}

// bench is what sections share.
type bench struct {
	*report
	pool  *pgxpool.Pool
	url   string
	took  time.Duration // of one measurement
	turns int           // measurements of each contender
}

func main() {
	b := &bench{report: newReport(time.Now())}
	flag.DurationVar(&b.took, "time", 1500*time.Millisecond, "length of one measurement")
	flag.IntVar(&b.turns, "turns", 5, "measurements of each contender")
	file := flag.String("json", "", "file to write the figures to, beside printing them")
	kind := flag.String("serve", "", "for the sections' own use: be a server of this kind")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if *kind != "" {
		if err := serveAs(ctx, *kind); err != nil {
			fmt.Fprintln(os.Stderr, "bench:", err)
			os.Exit(1)
		}
		return
	}
	err := b.run(ctx, flag.Args())
	if *file != "" {
		err = errors.Join(err, b.write(*file))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// run starts a PostgreSQL of its own, with durability on, on a database that is empty.
func (b *bench) run(ctx context.Context, names []string) (err error) {
	dir, err := os.MkdirTemp(".", ".brickboard-bench-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	if err := os.Chmod(dir, 0o711); err != nil { // for PostgreSQL's user too: so its files are in it, and go with it
		return err
	}
	server, err := embeddedpg.Start(ctx, embeddedpg.Config{DataDir: filepath.Join(dir, "data"), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.Close()) }()
	b.url = server.URL()
	if err := migrations.Up(ctx, b.url); err != nil {
		return err
	}
	if b.pool, err = b.openPool(ctx, 8); err != nil {
		return err
	}
	defer b.pool.Close()
	for _, s := range sections() {
		if len(names) > 0 && !slices.Contains(names, s.name) {
			continue
		}
		b.begin(s.name)
		if err := s.run(ctx, b); err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
	}
	return nil
}

func (b *bench) openPool(ctx context.Context, size int32) (*pgxpool.Pool, error) {
	config, err := pgxpool.ParseConfig(b.url)
	if err != nil {
		return nil, err
	}
	config.MaxConns, config.MinConns = size, size
	return pgxpool.NewWithConfig(ctx, config)
}
