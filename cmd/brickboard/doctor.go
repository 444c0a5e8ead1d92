package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/spf13/cobra"

	"github.com/brickboard/brickboard/migrations"
	"github.com/brickboard/brickboard/projections"
)

// errUnwell is the failure of an examination that found something.
var errUnwell = errors.New("something is wrong: see what to do above")

func (p *program) doctorCommand() *cobra.Command {
	var inJSON bool
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Check the database and the projections, and say what to do",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			db, err := openDatabase(cmd.Context(), p.config, p.logger())
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, db.leave()) }()
			checks, err := p.examine(cmd.Context(), db)
			if err != nil {
				checks = append(checks, projections.Check{Name: "examination", Found: err.Error(), Advice: "mend what the error says, and run doctor again"})
			}
			return p.printChecks(checks, inJSON)
		},
	}
	cmd.Flags().BoolVar(&inJSON, "json", false, "print JSON")
	return cmd
}

func (p *program) examine(ctx context.Context, db *database) ([]projections.Check, error) {
	config, err := db.poolConfig("doctor", 1)
	if err != nil {
		return nil, err
	}
	conn, err := pgx.ConnectConfig(ctx, config.ConnConfig)
	if err != nil {
		return []projections.Check{{Name: "database", Found: "does not answer: " + err.Error(), Advice: "start PostgreSQL, or correct --database-url"}}, nil
	}
	defer conn.Close(context.WithoutCancel(ctx))
	server, err := checkServer(ctx, conn)
	if err != nil {
		return nil, err
	}
	checks := []projections.Check{server}
	if server.Advice != "" { // everything else stands on it
		return checks, nil
	}
	schema, err := checkSchema(ctx, db.url)
	if err != nil {
		return checks, err
	}
	if checks = append(checks, schema); schema.Advice != "" {
		return checks, nil
	}
	more, err := projections.Examine(ctx, conn, p.config.StallTimeout, p.logger())
	return append(checks, more...), err
}

func checkSchema(ctx context.Context, url string) (projections.Check, error) {
	steps, err := migrations.Status(ctx, url)
	if err != nil {
		return projections.Check{}, err
	}
	check, missing := projections.Check{Name: "schema"}, 0
	for _, step := range steps {
		if !step.Applied {
			missing++
		}
	}
	check.Found = fmt.Sprintf("%d of %d migrations applied", len(steps)-missing, len(steps))
	if missing > 0 {
		check.Advice = "run 'brickboard migrate up'; 'brickboard serve' does it by itself"
	}
	return check, nil
}

func (p *program) printChecks(checks []projections.Check, inJSON bool) error {
	unwell := false
	for _, c := range checks {
		unwell = unwell || c.Advice != ""
	}
	var err error
	if inJSON {
		err = p.printJSON(map[string]any{"ok": !unwell, "checks": checks})
	} else {
		_, err = fmt.Fprint(p.stdout, textOf(checks))
	}
	if err == nil && unwell {
		return errUnwell
	}
	return err
}

func textOf(checks []projections.Check) string {
	var text strings.Builder
	for _, c := range checks {
		if c.Advice == "" {
			fmt.Fprintf(&text, "ok     %s: %s\n", c.Name, c.Found)
		} else {
			fmt.Fprintf(&text, "WRONG  %s: %s\n       what to do: %s\n", c.Name, c.Found, c.Advice)
		}
	}
	return text.String()
}
