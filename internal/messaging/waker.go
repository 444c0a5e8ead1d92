package messaging

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
)

const (
	// notifyChannel is the NOTIFY channel of all servers of a database.
	notifyChannel = "brickboard_events"

	// notifyInterval is the least time between two NOTIFYs of a process: each takes a lock that all commits wait for.
	notifyInterval = 5 * time.Millisecond
)

// Waker wakes whoever reads a topic, after a commit that wrote to it: the Subscription of this process, if there is
// one, at once, and other servers through its Run.
type Waker struct {
	db       Executor
	log      *slog.Logger
	instance string                   // tells this process's NOTIFYs from others'
	woken    map[string]chan struct{} // by topic; holds one wake-up until it is taken

	untold chan struct{} // full while topics holds any
	mu     sync.Mutex
	topics map[string]struct{} // that other servers have yet to be told of
}

// NewWaker makes the waker of a process, which serves one Subscription and one LiveSubscription at most. It notifies
// through db, a pool.
func NewWaker(db Executor, log *slog.Logger) *Waker {
	woken := make(map[string]chan struct{})
	for _, topic := range wakeable() {
		woken[topic] = make(chan struct{}, 1)
	}
	return &Waker{
		db: db, log: log, instance: uuid.NewString(), woken: woken,
		untold: make(chan struct{}, 1), topics: make(map[string]struct{}),
	}
}

// wakeable are the topics that somebody may wait for.
func wakeable() []string { return append(Topics(), Live) }

// Wake says that something was committed to the topics. It never blocks.
func (w *Waker) Wake(topics ...string) {
	w.wakeHere(topics)
	w.tellLater(topics)
}

// Run tells other servers until ctx is done: of the first wake-up at once, of those that follow within notifyInterval
// together. What cannot be told is retried. It returns nil.
func (w *Waker) Run(ctx context.Context) error {
	var failures backoff
	for {
		select {
		case <-w.untold:
		case <-ctx.Done():
			return nil
		}
		topics := w.takeUntold()
		wait := notifyInterval
		if err := w.notify(ctx, topics); err == nil {
			failures.reset()
		} else {
			w.tellLater(topics) // at the end by Flush
			if ctx.Err() == nil {
				wait = failures.next()
				w.log.WarnContext(ctx, "other servers cannot be notified", "topics", topics, "retry_in", wait, "error", err)
			}
		}
		pause(ctx, wait)
	}
}

// wakeHere ignores topics that are not ours: a newer server may know more.
func (w *Waker) wakeHere(topics []string) {
	for _, topic := range topics {
		select {
		case w.woken[topic] <- struct{}{}:
		default:
		}
	}
}

func (w *Waker) tellLater(topics []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, topic := range topics {
		w.topics[topic] = struct{}{}
	}
	select {
	case w.untold <- struct{}{}:
	default:
	}
}

func (w *Waker) takeUntold() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	topics := slices.Sorted(maps.Keys(w.topics))
	clear(w.topics)
	return topics
}

// notify does not wait for the disk: the lock of a NOTIFY is held until its commit ends, and a lost one is harmless.
func (w *Waker) notify(ctx context.Context, topics []string) error {
	_, err := w.db.Exec(ctx, "SELECT set_config('synchronous_commit', 'off', true), pg_notify($1, $2)",
		notifyChannel, strings.Join(append([]string{w.instance}, topics...), " "))
	if err != nil {
		return fmt.Errorf("notify: %w", err)
	}
	return nil
}

// hear wakes the topics of another server's NOTIFY.
func (w *Waker) hear(payload string) {
	words := strings.Fields(payload)
	if len(words) > 0 && words[0] != w.instance {
		w.wakeHere(words[1:])
	}
}

// Flush tells other servers now, for a process that ends after its commit and does not Run, or not any more.
func (w *Waker) Flush(ctx context.Context) error {
	if topics := w.takeUntold(); len(topics) > 0 {
		return w.notify(ctx, topics)
	}
	return nil
}
