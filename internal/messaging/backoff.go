package messaging

import (
	"context"
	"time"
)

const (
	firstBackoff = 100 * time.Millisecond
	maxBackoff   = 5 * time.Second
)

// backoff is how long to wait after failures in a row: twice as long each time, up to maxBackoff. The zero value has
// seen none.
type backoff struct{ last time.Duration }

func (b *backoff) next() time.Duration {
	b.last = min(max(2*b.last, firstBackoff), maxBackoff)
	return b.last
}

func (b *backoff) reset() { b.last = 0 }

// pause waits, or returns early when ctx is done.
func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
