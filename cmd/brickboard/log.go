package main

import (
	"io"
	"log/slog"
	"os"

	"github.com/mattn/go-isatty"
)

func logLevel(name string) (level slog.Level, err error) {
	return level, level.UnmarshalText([]byte(name))
}

// logger writes to standard error: people read text on a terminal, machines JSON.
func (p *program) logger() *slog.Logger {
	level, _ := logLevel(p.config.LogLevel) // validated
	options := &slog.HandlerOptions{Level: level}
	if p.config.LogFormat == "text" || p.config.LogFormat == "" && isTerminal(p.stderr) {
		return slog.New(slog.NewTextHandler(p.stderr, options))
	}
	return slog.New(slog.NewJSONHandler(p.stderr, options))
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && isatty.IsTerminal(f.Fd())
}
