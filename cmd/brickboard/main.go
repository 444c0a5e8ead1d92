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
	signal.Ignore(syscall.SIGPIPE) // who reads our output may go: writes fail then, and what we started is still stopped
	ctx, stop := signal.NotifyContext(context.Background(), endings()...)
	context.AfterFunc(ctx, func() {
		signal.Ignore(syscall.SIGHUP) // a terminal that closes may tell it twice
		stop()                        // a second other signal ends the process at once
	})
	os.Exit(run(ctx, os.Args[1:], os.LookupEnv, os.Stdout, os.Stderr))
}

// endings are the signals that end the program in order. Under nohup a closed terminal is none.
func endings() []os.Signal {
	signals := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) {
		signals = append(signals, syscall.SIGHUP)
	}
	return signals
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
	root.PersistentPreRunE = func(cmd *cobra.Command, _ []string) error { return p.configure(cmd, p.config.validate) }
	root.AddCommand(p.serveCommand(), p.migrateCommand(), p.tokenCommand(), p.importCommand(), p.rebuildCommand(),
		p.deadLettersCommand(), p.doctorCommand(), p.versionCommand())
	return root
}

// configure completes the configuration and checks it by each of checks. It names every problem.
func (p *program) configure(cmd *cobra.Command, checks ...func() []error) error {
	if err := cmd.ValidateRequiredFlags(); err != nil { // cobra's own turn comes after this
		return err
	}
	problems := fillFromEnvironment(cmd.Root().PersistentFlags(), p.env)
	for _, check := range checks {
		problems = append(problems, check()...)
	}
	err := errors.Join(problems...)
	p.started = err == nil
	return err
}
