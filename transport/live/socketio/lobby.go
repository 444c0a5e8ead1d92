package socketio

import (
	"container/list"
	"sync"
	"time"

	"github.com/brickboard/brickboard/transport/live/engineio"
)

// lobby is the sessions that are connected to no namespace. One costs its client nothing, not even a token: so each may
// stay for a while only, and where there are too many, the one that came first goes.
type lobby struct {
	stay time.Duration
	room int

	mu     sync.Mutex
	guests list.List // of *engineio.Session, in the order in which they came
}

// enter takes a session in, until leave is called, maybe more than once.
func (l *lobby) enter(s *engineio.Session) (leave func()) {
	timer := time.AfterFunc(l.stay, func() { s.Dismiss(ConnectTimeout) })
	l.mu.Lock()
	defer l.mu.Unlock()
	place := l.guests.PushBack(s)
	if l.guests.Len() > l.room {
		first, _ := l.guests.Remove(l.guests.Front()).(*engineio.Session) // as all are
		first.Dismiss(Displaced)
	}
	return func() {
		timer.Stop()
		l.mu.Lock()
		defer l.mu.Unlock()
		l.guests.Remove(place) // if it is still there
	}
}
