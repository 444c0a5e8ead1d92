package engineio

import "time"

// rate counts what comes within a second.
type rate struct {
	since time.Time
	count int
}

// exceeded counts one more and says whether more than limit came within a second; a limit of 0 is none.
func (r *rate) exceeded(limit int) bool {
	if limit == 0 {
		return false
	}
	if now := time.Now(); now.Sub(r.since) >= time.Second {
		r.since, r.count = now, 0
	}
	r.count++
	return r.count > limit
}
