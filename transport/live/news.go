package live

import (
	"time"

	"github.com/brickboard/brickboard/readmodel"
)

// news is what the bus and the comparison have said of a collector. They speak for all collectors, and so wait for no
// room, which may be encoding a long list: each takes its news by itself.
type news struct {
	heard   int64            // the highest revision that was announced
	at      time.Time        // of the earliest announcement; zero without any
	present *readmodel.State // as it was last compared
}

func (r *room) hear(revision int64, at time.Time) {
	r.bring(func(n *news) { n.heard, n.at = max(n.heard, revision), earlier(n.at, at) })
}

func (r *room) compare(present readmodel.State) {
	r.bring(func(n *news) { n.present = &present })
}

// bring adds to the news, and has the room take them.
func (r *room) bring(add func(*news)) {
	r.ear.Lock()
	defer r.ear.Unlock()
	if r.news == nil {
		r.news = &news{}
		go r.tick()
	}
	add(r.news)
}

// takeNews tells the rules, with mu held.
func (r *room) takeNews() {
	r.ear.Lock()
	n := r.news
	r.news = nil
	r.ear.Unlock()
	if n == nil {
		return
	}
	r.rules.Hear(n.heard)
	r.since = earlier(r.since, n.at)
	if n.present != nil {
		r.rules.Compare(*n.present)
	}
}

// earlier of two times, of which a zero one is none.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}
