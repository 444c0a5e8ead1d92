package projections

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/brickboard/brickboard/domain"
	"github.com/brickboard/brickboard/queries"
)

const (
	retryInterval = 250 * time.Millisecond // between two looks at what waits
	retryPage     = 2000                   // events retried at once
	patience      = 2 * time.Second        // after which the wait for a collector's locks is made, and its holder looked for
	longWaits     = 3                      // such waits in a row, each up to lockTimeout
	leftToNewer   = time.Minute            // after the last attempt, in which a newer program may project what we cannot read
)

// Run retries what is parked until ctx is done: at short intervals the waiting events, among which it puts at once the
// dead letters that this program can read. What fails is told and tried again. It returns nil.
func (e *Engine) Run(ctx context.Context) error {
	revived := false
	tick := time.NewTicker(retryInterval)
	defer tick.Stop()
	for ctx.Err() == nil {
		err := errors.Join(e.reviveOnce(ctx, &revived), e.retryWaiting(ctx))
		if err != nil && ctx.Err() == nil {
			e.log.WarnContext(ctx, "parked events cannot be retried", "error", err)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
		}
	}
	return nil
}

func (e *Engine) reviveOnce(ctx context.Context, done *bool) error {
	if *done {
		return nil
	}
	if err := e.revive(ctx); err != nil {
		return err
	}
	*done = true
	return nil
}

// retryWaiting tries the waiting events whose collectors are free, then waits for the locks of a few others.
func (e *Engine) retryWaiting(ctx context.Context) error {
	parked, err := e.q.ParkedEventsFree(ctx, e.pool, retryPage)
	if err != nil {
		return fmt.Errorf("read waiting events: %w", err)
	}
	byTopic, err := e.parkedItems(ctx, parked)
	if err != nil {
		return err
	}
	for topic, items := range byTopic {
		if err := e.settle(ctx, batch{topic: topic, items: items, parked: true}); err != nil {
			return err
		}
	}
	long, err := e.q.ParkedEventsCollectors(ctx, e.pool, queries.ParkedEventsCollectorsParams{
		TriedBefore: time.Now().Add(-patience), PageSize: longWaits,
	})
	if err != nil {
		return fmt.Errorf("read who waits: %w", err)
	}
	for _, collector := range long {
		if err := e.waitFor(ctx, collector); err != nil {
			return err
		}
	}
	return nil
}

// waitFor projects the collector's waiting events, or notes who holds its locks.
func (e *Engine) waitFor(ctx context.Context, collector string) error {
	parked, err := e.q.ParkedEventsWaitingOf(ctx, e.pool, queries.ParkedEventsWaitingOfParams{UserID: collector, PageSize: retryPage})
	if err != nil {
		return err
	}
	byTopic, err := e.parkedItems(ctx, parked)
	if err != nil {
		return err
	}
	for topic, items := range byTopic { // a collector has one
		if err := e.waitForLocks(ctx, batch{topic: topic, items: items, parked: true, wait: true}); err != nil {
			return err
		}
	}
	return nil
}

func (e *Engine) waitForLocks(ctx context.Context, b batch) error {
	holders, err := e.watched(ctx, b)
	switch state := sqlState(err); {
	case err == nil:
		return nil
	case state == lockNotAvailable:
		return e.tried(ctx, b.items, stateBehind(err), holders)
	case refused(state):
		return e.settle(ctx, b)
	default:
		return err
	}
}

// watched makes an attempt that waits for locks, and says who holds them meanwhile.
func (e *Engine) watched(ctx context.Context, b batch) (holders string, err error) {
	conn, err := e.pool.Acquire(ctx)
	if err != nil {
		return "", fmt.Errorf("acquire connection: %w", err)
	}
	defer conn.Release()
	pid := conn.Conn().PgConn().PID()
	watching, stop := context.WithCancel(ctx)
	var watch sync.WaitGroup
	watch.Go(func() { holders = e.lockHolders(watching, pid) })
	err = e.project(ctx, conn, b)
	stop()
	watch.Wait()
	return holders, err
}

// parkedItems decodes waiting events. Those that only a newer program can read, which parked them, are left to it, and
// become dead letters when it has not tried them for a while.
func (e *Engine) parkedItems(ctx context.Context, parked []queries.ParkedEvent) (byTopic map[string][]item, err error) {
	byTopic = map[string][]item{}
	for _, p := range parked {
		r := recordOf(p)
		event, err := domain.DecodeEvent(r.Metadata, r.Payload)
		if err != nil {
			if time.Since(p.TriedAt) < leftToNewer {
				continue
			}
			there, failure := e.stillDead(ctx, p, stateUnreadable, err)
			if failure != nil {
				return nil, failure
			}
			if there {
				e.tellDead(ctx, p.Topic, stateUnreadable, p.EventID, err)
			}
			continue
		}
		byTopic[p.Topic] = append(byTopic[p.Topic], item{r, event})
	}
	return byTopic, nil
}
