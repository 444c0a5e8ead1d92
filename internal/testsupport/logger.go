package testsupport

import (
	"io"
	"log/slog"
	"sync"
	"testing"
)

// Logger writes everything to the test's output. What goroutines still log after the test's end is dropped.
func Logger(t testing.TB) *slog.Logger {
	t.Helper()
	w := &output{w: t.Output()}
	t.Cleanup(w.end)
	return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

// output is the output of a test until its end; writing to a test that has ended panics.
type output struct {
	mu    sync.Mutex
	w     io.Writer
	ended bool
}

func (o *output) Write(line []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.ended {
		return len(line), nil
	}
	return o.w.Write(line)
}

func (o *output) end() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.ended = true
}
