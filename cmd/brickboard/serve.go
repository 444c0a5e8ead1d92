package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"github.com/brickboard/brickboard/demo"
	"github.com/brickboard/brickboard/domain/command"
	"github.com/brickboard/brickboard/internal/messaging"
	"github.com/brickboard/brickboard/migrations"
	"github.com/brickboard/brickboard/projections"
	"github.com/brickboard/brickboard/readmodel"
)

// flushTimeout bounds the last NOTIFY.
const flushTimeout = 2 * time.Second

// serveOptions are the flags of serve alone.
type serveOptions struct {
	demo          bool
	noProjections bool
	noHTTP        bool
}

func (p *program) serveCommand() *cobra.Command {
	var o serveOptions
	cmd := &cobra.Command{Use: "serve", Short: "Run the service", Args: cobra.NoArgs, RunE: func(cmd *cobra.Command, _ []string) error {
		return p.withDatabase(cmd.Context(), migrations.Up, func(db *database, log *slog.Logger) error {
			return serve(cmd.Context(), p.config, o, db, log)
		})
	}}
	cmd.PersistentPreRunE = func(cmd *cobra.Command, _ []string) error { // in place of the root's
		if o.noHTTP {
			return p.configure(cmd, p.config.validate)
		}
		return p.configure(cmd, p.config.validate, func() []error { return p.config.validateForRequests(o.demo) })
	}
	cmd.Flags().BoolVar(&o.demo, "demo", false, "load a demo collection once, and sign in to it with one click")
	cmd.Flags().BoolVar(&o.noProjections, "no-projections", false, "leave the projecting of events to other servers")
	cmd.Flags().BoolVar(&o.noHTTP, "no-http", false, "serve the admin address only")
	return cmd
}

// service is what serve wires: parts that run until they are told to stop, and what they share.
type service struct {
	config   Config
	options  serveOptions
	db       *database
	log      *slog.Logger
	registry *prometheus.Registry
	requests *pgxpool.Pool
	monitor  *pgxpool.Pool // readiness only: a pool full of waiters cannot hide itself from it
	health   *projections.Monitor
	upkeep   *pgxpool.Pool
	waker    *messaging.Waker
	commands *command.Service
	reader   *readmodel.Reader
}

// serve runs until ctx is done, then lets requests in work finish, for the shutdown timeout at most. Projections in work
// are broken off: their events come again.
func serve(ctx context.Context, c Config, o serveOptions, db *database, log *slog.Logger) error {
	s := &service{config: c, options: o, db: db, log: log, registry: prometheus.NewRegistry()}
	s.registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	var err error
	if s.requests, err = db.pool(ctx, "requests", c.HTTPConnections); err != nil {
		return err
	}
	defer s.requests.Close()
	if s.monitor, err = db.pool(ctx, "monitor", 2); err != nil {
		return err
	}
	defer s.monitor.Close()
	if s.upkeep, err = db.pool(ctx, "upkeep", 3); err != nil {
		return err
	}
	defer s.upkeep.Close()
	if err := s.requests.Ping(ctx); err != nil { // the first connection checks the database's identity, before anything is served
		return fmt.Errorf("connect: %w", err)
	}
	s.waker = messaging.NewWaker(s.upkeep, log)
	s.commands = command.NewService(s.requests, s.waker, time.Now)
	reads, err := db.poolConfig("reads", c.HTTPConnections)
	if err != nil {
		return err
	}
	if s.reader, err = readmodel.OpenReader(ctx, reads, c.CacheBytes); err != nil {
		return err
	}
	defer s.reader.Close()
	if err := s.loadDemo(ctx); err != nil {
		return err
	}
	return s.run(ctx)
}

func (s *service) loadDemo(ctx context.Context) error {
	if !s.options.demo {
		return nil
	}
	loaded, err := demo.Load(ctx, s.commands, time.Now())
	if err != nil {
		return fmt.Errorf("load demo collection: %w", err)
	}
	if loaded {
		s.log.InfoContext(ctx, "demo collection loaded", "user_id", demo.Collector)
	}
	return nil
}

// run starts every part and ends when one fails or ctx is done: first requests, then what they wake.
func (s *service) run(ctx context.Context) error {
	background, stopBackground := context.WithCancel(context.WithoutCancel(ctx))
	defer stopBackground()
	parts, failed := errgroup.WithContext(background)
	parts.Go(func() error { return s.waker.Run(background) })
	parts.Go(func() error { return s.keepHouse(background) })
	if s.options.noProjections {
		s.watchProjections(background, parts, func(string) string { return "" })
	} else if err := s.startProjections(background, parts); err != nil {
		return err
	}
	serving, stopServing := context.WithCancel(ctx)
	defer stopServing()
	context.AfterFunc(failed, stopServing)
	err := s.listen(serving)
	stopBackground()
	err = errors.Join(err, parts.Wait())
	s.tellRest(ctx)
	return err
}

// tellRest wakes other servers for the last commits; where it fails they find them by themselves.
func (s *service) tellRest(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), flushTimeout)
	defer cancel()
	if err := s.waker.Flush(ctx); err != nil {
		s.log.WarnContext(ctx, "other servers cannot be notified", "error", err)
	}
}
