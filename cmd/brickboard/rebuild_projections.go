package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"github.com/brickboard/brickboard/domain"
	"github.com/brickboard/brickboard/internal/messaging"
	"github.com/brickboard/brickboard/migrations"
	"github.com/brickboard/brickboard/projections"
)

// rebuildOptions are the flags of rebuild-projections.
type rebuildOptions struct {
	users   []string
	verify  bool
	workers int
	limit   int
	json    bool

	collectors []domain.CollectorID // the users, checked
}

func (p *program) rebuildCommand() *cobra.Command {
	var o rebuildOptions
	cmd := &cobra.Command{
		Use:   "rebuild-projections",
		Short: "Make the read model what the write model says, beside a running server",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := o.check(); err != nil {
				return usageError{err}
			}
			ready := migrations.Up
			if o.verify {
				ready = requireSchema
			}
			return p.withDatabase(cmd.Context(), ready, func(db *database, log *slog.Logger) error {
				pool, err := db.pool(cmd.Context(), "rebuild", o.workers+1) // one to tell, or to hold a snapshot
				if err != nil {
					return err
				}
				defer pool.Close()
				if o.verify {
					return p.verify(cmd.Context(), pool, o)
				}
				return p.rebuild(cmd.Context(), pool, o, log)
			})
		},
	}
	cmd.Flags().StringArrayVar(&o.users, "user", nil, "a collector; may be given again (default: all)")
	cmd.Flags().BoolVar(&o.verify, "verify", false, "only compare, write nothing, and exit with 1 on drift")
	cmd.Flags().IntVar(&o.workers, "workers", 2, "transactions at a time")
	cmd.Flags().IntVar(&o.limit, "limit", 100, "differences that --verify prints, at most")
	cmd.Flags().BoolVar(&o.json, "json", false, "print the result as JSON")
	return cmd
}

func (o *rebuildOptions) check() error {
	for _, user := range o.users {
		id, err := domain.ParseCollectorID(user)
		if err != nil {
			return fmt.Errorf("--user %q: %w", user, err)
		}
		o.collectors = append(o.collectors, id)
	}
	if o.workers < 1 || o.limit < 0 {
		return errors.New("--workers must be at least 1, --limit not below 0")
	}
	return nil
}

func (p *program) rebuild(ctx context.Context, pool *pgxpool.Pool, o rebuildOptions, log *slog.Logger) error {
	waker := messaging.NewWaker(pool, log)
	bus, err := messaging.NewLiveBus(pool, waker)
	if err != nil {
		return err
	}
	telling, stop := context.WithCancel(ctx)
	var parts errgroup.Group
	parts.Go(func() error { return waker.Run(telling) })
	meter := p.meter()
	rebuilt, err := projections.NewRebuilder(pool, bus).Run(ctx, o.collectors, o.workers, meter.show)
	stop()
	err = errors.Join(err, parts.Wait(), waker.Flush(context.WithoutCancel(ctx)))
	meter.end()
	if err != nil {
		return fmt.Errorf("%w (%d collectors were right, %d are mended; run it again for the rest)", err, rebuilt.Right, rebuilt.Mended)
	}
	if o.json {
		return p.printJSON(map[string]any{"right": rebuilt.Right, "mended": rebuilt.Mended, "rows": rebuilt.Rows, "seconds": meter.seconds()})
	}
	_, err = fmt.Fprintf(p.stdout, "%d collectors: %d were right, %d were mended; %d rows differed\n",
		rebuilt.Right+rebuilt.Mended, rebuilt.Right, rebuilt.Mended, rebuilt.Rows)
	return err
}

// errDrift is the failure of a verification that found something.
var errDrift = errors.New("the read model has drifted: run 'brickboard rebuild-projections', and 'brickboard dead-letters list' for the cause where one is named")

func (p *program) verify(ctx context.Context, pool *pgxpool.Pool, o rebuildOptions) error {
	meter := p.meter()
	verified, err := projections.NewVerifier(pool).Run(ctx, o.collectors, o.workers, o.limit, meter.show)
	meter.end()
	if err != nil {
		return err
	}
	if o.json {
		err = p.printJSON(map[string]any{
			"collectors": verified.Collectors, "driftedRows": verified.DriftedRows, "pendingRows": verified.PendingRows,
			"drifts": append([]projections.Drift{}, verified.Drifts...), "seconds": meter.seconds(),
		})
	} else {
		err = p.printVerified(verified)
	}
	if err == nil && verified.DriftedRows > 0 {
		return errDrift
	}
	return err
}

func (p *program) printVerified(v projections.Verified) error {
	for _, d := range v.Drifts {
		where := d.Table
		if d.Key != "" {
			where += " " + d.Key
		}
		if d.Column != "" {
			where += " " + d.Column
		}
		blame := ""
		if d.DeadLetter != "" {
			blame = ", dead letter " + d.DeadLetter
		}
		fmt.Fprintf(p.stdout, "%s: %s is %s and should be %s%s\n", d.Collector, where, d.Present, d.Computed, blame)
	}
	_, err := fmt.Fprintf(p.stdout, "%d collectors: %d rows drifted, %d are pending; %d differences shown\n",
		v.Collectors, v.DriftedRows, v.PendingRows, len(v.Drifts))
	return err
}

func (p *program) printJSON(v any) error {
	encoder := json.NewEncoder(p.stdout)
	encoder.SetEscapeHTML(false)
	return encoder.Encode(v)
}
