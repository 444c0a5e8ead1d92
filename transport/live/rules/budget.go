package rules

import "time"

// A collector's flushes: so many at once, then one per interval. A burst is then at most 8 in a second.
const (
	flushesAtOnce = 3
	flushInterval = 200 * time.Millisecond
)

// budget says when the next flush may be. The zero value is full.
type budget struct {
	full time.Time // when all flushesAtOnce are there again
}

func (b *budget) wait(now time.Time) time.Duration {
	return max(0, b.full.Add(-(flushesAtOnce-1)*flushInterval).Sub(now)) // Sub saturates: nothing may be taken from it
}

func (b *budget) spend(now time.Time) {
	if b.full.Before(now) {
		b.full = now
	}
	b.full = b.full.Add(flushInterval)
}
