package main

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/spf13/cobra"

	"github.com/brickboard/brickboard/migrations"
)

func (p *program) migrateCommand() *cobra.Command {
	group := &cobra.Command{Use: "migrate", Short: "Change or show the database schema", Args: cobra.NoArgs, RunE: needSubcommand}
	group.AddCommand(
		&cobra.Command{Use: "up", Short: "Apply what is missing", Args: cobra.NoArgs, RunE: p.onSchema(migrations.Up)},
		&cobra.Command{Use: "down", Short: "Take back the newest migration, with its data", Args: cobra.NoArgs, RunE: p.onSchema(migrations.Down)},
		&cobra.Command{Use: "status", Short: "List the migrations", Args: cobra.NoArgs, RunE: p.onSchema(p.printStatus)},
	)
	return group
}

// needSubcommand is what a group of commands does by itself.
func needSubcommand(cmd *cobra.Command, _ []string) error {
	return usageError{fmt.Errorf("%s needs a subcommand: see '%s --help'", cmd.CommandPath(), cmd.CommandPath())}
}

// onSchema makes a command of what withDatabase does before anything else.
func (p *program) onSchema(do seeToSchema) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, _ []string) error {
		return p.withDatabase(cmd.Context(), do, func(*database, *slog.Logger) error { return nil })
	}
}

func (p *program) printStatus(ctx context.Context, url string) error {
	steps, err := migrations.Status(ctx, url)
	if err != nil {
		return err
	}
	for _, step := range steps {
		state := "pending"
		if step.Applied {
			state = "applied"
		}
		if _, err := fmt.Fprintf(p.stdout, "%s  %s\n", state, step.Name); err != nil {
			return err
		}
	}
	return nil
}
