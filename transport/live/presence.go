package live

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/brickboard/brickboard/readmodel"
	"github.com/brickboard/brickboard/transport/auth"
	"github.com/brickboard/brickboard/transport/live/rules"
)

// presence is what a client is let in with.
type presence struct {
	who       auth.Identity
	deltas    bool
	from      readmodel.State // from which it goes on
	recovered bool
}

var errUnavailable = errors.New("cannot serve now")

// letIn takes a seat in the room of who, and finds from which state the session goes on: before its client is answered,
// so that nothing which is committed after the answer is missed. The error is errTooManySessions or errUnavailable.
func (h *Hub) letIn(who auth.Identity, deltas bool, pid, offset string) (*room, *presence, error) {
	r, err := h.enter(who.Collector)
	if err != nil {
		return nil, nil, err
	}
	ctx, cancel := context.WithTimeout(h.life, readTimeout)
	defer cancel()
	present, err := h.deps.Dashboards.State(ctx, who.Collector)
	if err != nil {
		h.exit(r)
		h.readFailed("state", err)
		return nil, nil, fmt.Errorf("%w: %w", errUnavailable, err)
	}
	p := &presence{who: who, deltas: deltas}
	p.from, p.recovered = rules.Recover(pid, offset, present)
	return r, p, nil
}

// available says whether new sessions can be taken in: there is a seat, and the database answers. It reserves nothing.
func (h *Hub) available(ctx context.Context) error {
	h.mu.RLock()
	full := h.full()
	h.mu.RUnlock()
	if full {
		return errUnavailable
	}
	return h.probe.ask(ctx, h)
}

// probe asks the database once for all who come within a moment: they are not signed in yet, and must not cost more.
type probe struct {
	mu    sync.Mutex
	asked time.Time
	err   error
}

func (p *probe) ask(ctx context.Context, h *Hub) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if h.clock().Sub(p.asked) < probeLasts {
		return p.err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), readTimeout)
	defer cancel()
	_, err := h.deps.Dashboards.States(ctx, nil)
	if p.err = nil; err != nil {
		h.readFailed("handshake", err)
		p.err = errUnavailable
	}
	p.asked = h.clock()
	return p.err
}

// refused counts and logs a connection without a good token. Of the token nothing is told, not even where.
func (h *Hub) refused(p protocol, err error) {
	reason := string(cmp.Or(auth.ReasonOf(err), auth.Expired)) // the latter since the handshake, where auth has not said so
	h.metrics.auth.WithLabelValues(string(p), reason).Inc()
	h.deps.Log.Debug("live session refused", "protocol", p, "reason", reason)
}
