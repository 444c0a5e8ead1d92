package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/brickboard/brickboard/domain"
	"github.com/brickboard/brickboard/domain/command"
	"github.com/brickboard/brickboard/importers"
	"github.com/brickboard/brickboard/internal/messaging"
	"github.com/brickboard/brickboard/migrations"
)

func (p *program) importCommand() *cobra.Command {
	group := &cobra.Command{Use: "import", Short: "Bring a collection from files of other sites", Args: cobra.NoArgs, RunE: needSubcommand}
	group.AddCommand(p.importMOCCommand(), p.importSetsCommand())
	return group
}

func (p *program) importMOCCommand() *cobra.Command {
	var user, title, theme string
	cmd := &cobra.Command{
		Use:   "moc FILE",
		Short: "A BrickLink wanted list (XML) becomes a MOC with its counts of parts",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.importFile(cmd.Context(), user, args[0], func(ctx context.Context, s *command.Service, id domain.CollectorID, r io.Reader) error {
				return p.importMOC(ctx, s, command.ImportMOC{Collector: id, Title: title, Theme: theme}, r)
			})
		},
	}
	cmd.Flags().StringVar(&user, "user", "", "the collector")
	cmd.Flags().StringVar(&title, "title", "", "the MOC's title")
	cmd.Flags().StringVar(&theme, "theme", "", "the MOC's theme")
	mustGive(cmd, "user", "title", "theme")
	return cmd
}

func (p *program) importMOC(ctx context.Context, s *command.Service, cmd command.ImportMOC, r io.Reader) error {
	list, err := importers.BrickLinkWantedList(r)
	if err != nil {
		return err
	}
	cmd.Total, cmd.Owned = list.Total, list.Owned
	moc, outcome, err := s.ImportMOC(ctx, cmd)
	if err != nil {
		return err
	}
	fmt.Fprintf(p.stdout, "%s: %s (%s), %d parts in %d lots, %d owned, coverage %d %%\n",
		outcome, moc.Title, moc.Theme, moc.Parts.Total, list.Lots-list.Unlimited, moc.Parts.Owned, moc.Parts.CoveragePercentage())
	if list.Unlimited > 0 {
		fmt.Fprintf(p.stdout, "left out: %d without a limit (MINQTY -1)\n", list.Unlimited)
	}
	return nil
}

func (p *program) importSetsCommand() *cobra.Command {
	var user string
	cmd := &cobra.Command{
		Use:   "sets FILE",
		Short: "A Brickset \"my sets\" file (CSV) becomes sets with themes and quantities",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.importFile(cmd.Context(), user, args[0], p.importSets)
		},
	}
	cmd.Flags().StringVar(&user, "user", "", "the collector")
	mustGive(cmd, "user")
	return cmd
}

func (p *program) importSets(ctx context.Context, s *command.Service, id domain.CollectorID, r io.Reader) error {
	list, err := importers.BricksetSets(r)
	if err != nil {
		return err
	}
	added, present, err := s.ImportSets(ctx, command.ImportSets{Collector: id, Sets: list.Sets})
	if err != nil {
		return err
	}
	quantity := 0
	for _, set := range added {
		quantity += set.Quantity
	}
	fmt.Fprintf(p.stdout, "added: %d sets, %d by quantity\n", len(added), quantity)
	for _, number := range present {
		fmt.Fprintf(p.stdout, "already there: %s\n", number)
	}
	if list.NotOwned > 0 {
		fmt.Fprintf(p.stdout, "left out: %d not owned\n", list.NotOwned)
	}
	return nil
}

// importFile opens the file and the database and runs one import. A server that runs beside it is told at once.
func (p *program) importFile(ctx context.Context, user, path string,
	run func(context.Context, *command.Service, domain.CollectorID, io.Reader) error,
) error {
	id, err := domain.ParseCollectorID(user)
	if err != nil {
		return usageError{fmt.Errorf("--user %q: %w", user, err)}
	}
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	return p.withDatabase(ctx, migrations.Up, func(db *database, log *slog.Logger) error {
		pool, err := db.pool(ctx, "import", 2)
		if err != nil {
			return err
		}
		defer pool.Close()
		waker := messaging.NewWaker(pool, log)
		if err := run(ctx, command.NewService(pool, waker, time.Now), id, file); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		return waker.Flush(ctx)
	})
}

// mustGive marks flags that must be given.
func mustGive(cmd *cobra.Command, names ...string) {
	for _, name := range names {
		if err := cmd.MarkFlagRequired(name); err != nil {
			panic(err) // no such flag: a mistake in this file
		}
	}
}
