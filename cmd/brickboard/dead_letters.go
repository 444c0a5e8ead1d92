package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"text/tabwriter"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/spf13/cobra"

	"github.com/brickboard/brickboard/internal/messaging"
	"github.com/brickboard/brickboard/migrations"
	"github.com/brickboard/brickboard/projections"
)

func (p *program) deadLettersCommand() *cobra.Command {
	group := &cobra.Command{Use: "dead-letters", Short: "Look after events that could not be projected", Args: cobra.NoArgs, RunE: needSubcommand}
	var inJSON, all bool
	group.PersistentFlags().BoolVar(&inJSON, "json", false, "print JSON")
	// sub makes a subcommand that works on the letters of args, on a schema that is ready.
	sub := func(use, short string, args cobra.PositionalArgs, ready seeToSchema, run func(context.Context, *projections.Engine, []string) error) *cobra.Command {
		return &cobra.Command{Use: use, Short: short, Args: args, RunE: func(cmd *cobra.Command, ids []string) error {
			if cmd.Flags().Lookup("all") != nil && all == (len(ids) > 0) {
				return usageError{errors.New("give the ids of letters, or --all")}
			}
			return p.withEngine(cmd.Context(), ready, func(e *projections.Engine) error { return run(cmd.Context(), e, ids) })
		}}
	}
	retry := sub("retry [ID]...", "Project them again, where the cause is gone", cobra.ArbitraryArgs, migrations.Up,
		func(ctx context.Context, e *projections.Engine, ids []string) error {
			return p.retryLetters(ctx, e, ids, inJSON)
		})
	retry.Flags().BoolVar(&all, "all", false, "all letters")
	group.AddCommand(
		sub("list", "List them, the oldest first", cobra.NoArgs, requireSchema,
			func(ctx context.Context, e *projections.Engine, _ []string) error {
				return p.listLetters(ctx, e, inJSON)
			}),
		sub("show ID...", "Print everything that is kept of them", cobra.MinimumNArgs(1), requireSchema,
			func(ctx context.Context, e *projections.Engine, ids []string) error {
				return p.showLetters(ctx, e, ids, inJSON)
			}),
		retry,
		sub("discard ID...", "Delete them for good; a rebuild makes the read model right without them", cobra.MinimumNArgs(1), migrations.Up,
			func(ctx context.Context, e *projections.Engine, ids []string) error {
				return p.discardLetters(ctx, e, ids, inJSON)
			}),
	)
	return group
}

// withEngine runs do with an engine that projects nothing by itself.
func (p *program) withEngine(ctx context.Context, ready seeToSchema, do func(*projections.Engine) error) error {
	return p.withDatabase(ctx, ready, func(db *database, log *slog.Logger) error {
		pool, err := db.pool(ctx, "dead letters", 2)
		if err != nil {
			return err
		}
		defer pool.Close()
		waker := messaging.NewWaker(pool, log)
		bus, err := messaging.NewLiveBus(pool, waker)
		if err != nil {
			return err
		}
		err = do(projections.NewEngine(pool, bus, projections.NewMetrics(prometheus.NewRegistry()), log))
		return errors.Join(err, waker.Flush(ctx))
	})
}

func (p *program) listLetters(ctx context.Context, e *projections.Engine, inJSON bool) error {
	letters, err := e.DeadLetters(ctx)
	if err != nil {
		return err
	}
	if inJSON {
		return p.printJSON(lettersOf(letters, false))
	}
	table := tabwriter.NewWriter(p.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "EVENT\tPARKED\tCOLLECTOR\tSTATE\tERROR")
	for _, l := range letters {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", l.EventID, l.ParkedAt.Format(time.RFC3339), l.Collector, l.State, l.Error)
	}
	return table.Flush()
}

func (p *program) showLetters(ctx context.Context, e *projections.Engine, ids []string, inJSON bool) error {
	letters, err := e.DeadLetters(ctx, ids...)
	if err != nil {
		return err
	}
	whole := lettersOf(letters, true)
	if inJSON {
		err = p.printJSON(whole)
	} else {
		err = p.printLetters(whole)
	}
	return errors.Join(err, requireAll(ids, eventIDs(letters)))
}

func (p *program) retryLetters(ctx context.Context, e *projections.Engine, ids []string, inJSON bool) error {
	present, err := e.DeadLetters(ctx, ids...)
	if err != nil {
		return err
	}
	r, err := e.RetryDeadLetters(ctx, ids...)
	if err != nil {
		return err
	}
	if inJSON {
		err = p.printJSON(map[string]any{"tried": r.Tried, "projected": r.Projected(), "waiting": r.Waiting, "dead": lettersOf(r.Dead, false)})
	} else {
		_, err = fmt.Fprintf(p.stdout, "%d tried, %d projected, %d waiting for a lock, %d still dead\n", r.Tried, r.Projected(), r.Waiting, len(r.Dead))
	}
	if len(r.Dead) > 0 {
		err = errors.Join(err, fmt.Errorf("%d are still dead: see 'brickboard dead-letters list'", len(r.Dead)))
	}
	if r.Waiting > 0 {
		err = errors.Join(err, fmt.Errorf("%d wait for a lock, and are projected when it goes: see 'brickboard doctor'", r.Waiting))
	}
	return errors.Join(err, requireAll(ids, eventIDs(present)))
}

func (p *program) discardLetters(ctx context.Context, e *projections.Engine, ids []string, inJSON bool) error {
	discarded, err := e.DiscardDeadLetters(ctx, ids...)
	if err != nil {
		return err
	}
	if inJSON {
		err = p.printJSON(map[string]any{"discarded": append([]string{}, discarded...)})
	} else {
		_, err = fmt.Fprintf(p.stdout, "%d discarded\n", len(discarded))
	}
	return errors.Join(err, requireAll(ids, discarded))
}
