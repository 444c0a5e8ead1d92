// Command brickboard is the service and its tools: flags, configuration, wiring and exit codes. `brickboard help` lists
// the subcommands.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
)

// The exit statuses of every subcommand.
const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	os.Exit(run(ctx, os.Args[1:], os.LookupEnv, os.Stdout, os.Stderr))
}

// run is the whole program, for main and for tests that start it on port 0.
func run(ctx context.Context, args []string, env func(string) (string, bool), stdout, stderr io.Writer) int {
	p := &program{env: env, stdout: stdout, stderr: stderr}
	root := p.root()
	root.SetArgs(args)
	root.SetOut(stdout)
	root.SetErr(stderr)
	err := root.ExecuteContext(ctx)
	switch {
	case err == nil:
		return exitDone
	case !p.started:
		fmt.Fprintf(stderr, "brickboard: %v\nRun 'brickboard help' for what it can do.\n", err)
		return exitUsage
	default:
		fmt.Fprintf(stderr, "brickboard: %v\n", err)
		var usage usageError
		if errors.As(err, &usage) {
			return exitUsage
		}
		return exitFailed
	}
}

// usageError is wrong usage that shows only when the command has begun.
type usageError struct{ error }

// program is one run of the binary.
type program struct {
	env            func(string) (string, bool)
	stdout, stderr io.Writer
	config         Config
	started        bool // the command line was understood
}

func (p *program) root() *cobra.Command {
	root := &cobra.Command{
		Use:           "brickboard",
		Short:         "The real-time dashboard of a LEGO MOC collection",
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.CompletionOptions.DisableDefaultCmd = true
	p.config.register(root.PersistentFlags())
	root.PersistentPreRunE = func(cmd *cobra.Command, _ []string) error {
		if err := cmd.ValidateRequiredFlags(); err != nil { // cobra's own turn comes after this
			return err
		}
		if err := p.config.fromEnvironment(root.PersistentFlags(), p.env); err != nil {
			return err
		}
		p.started = true
		return nil
	}
	root.AddCommand(p.serveCommand(), p.migrateCommand(), p.tokenCommand(), p.importCommand(), p.rebuildCommand(),
		p.deadLettersCommand(), p.doctorCommand(), p.versionCommand())
	return root
}
