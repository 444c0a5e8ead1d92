package projections

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/brickboard/brickboard/domain"
	"github.com/brickboard/brickboard/internal/messaging"
	"github.com/brickboard/brickboard/queries"
)

// heal announces whom it removes a letter of: a retry may have been killed after its commit.
func (e *Engine) heal(ctx context.Context) error {
	healed, err := e.q.ParkedEventsHealed(ctx, e.pool)
	if err != nil {
		return fmt.Errorf("look for healed dead letters: %w", err)
	}
	if len(healed) == 0 {
		return nil
	}
	var gone queries.ParkedEventsRemoveParams
	var revisions []messaging.Revision
	told := map[string]bool{}
	for _, h := range healed {
		gone.UserIDs, gone.EventIDs = append(gone.UserIDs, h.UserID), append(gone.EventIDs, h.EventID)
		if !told[h.UserID] {
			told[h.UserID] = true
			revisions = append(revisions, messaging.Revision{Collector: h.UserID, Revision: h.Revision})
		}
	}
	if err := e.announce.Announce(ctx, revisions); err != nil {
		return fmt.Errorf("announce revisions: %w", err)
	}
	if err := e.q.ParkedEventsRemove(ctx, e.pool, gone); err != nil {
		return fmt.Errorf("remove healed dead letters: %w", err)
	}
	for _, id := range gone.EventIDs {
		e.log.InfoContext(ctx, "dead letter healed", "event_id", id)
	}
	return nil
}

// revive makes waiting events of the dead letters that could not be read when they were parked and now can.
func (e *Engine) revive(ctx context.Context) error {
	rows, err := e.dead(ctx, nil)
	if err != nil {
		return err
	}
	var gone []queries.ParkedEvent
	var collectors []string
	byTopic := map[string][]item{}
	for _, r := range rows {
		event, err := domain.DecodeEvent(r.Metadata, r.Payload)
		if err != nil || r.State != stateUnreadable {
			continue
		}
		gone, collectors = append(gone, r), append(collectors, string(event.Collector()))
		byTopic[r.Topic] = append(byTopic[r.Topic], item{recordOf(r), event})
	}
	if len(gone) == 0 {
		return nil
	}
	slices.Sort(collectors)
	pipe := queries.NewPipeline(e.pool)
	err = errors.Join(
		e.q.TransactionOfBatch(ctx, pipe, lockTimeout.String()),
		e.q.CollectorRevisionsEnsure(ctx, pipe, slices.Compact(collectors)), // only so are they seen to be free
		e.queueInstead(ctx, pipe, gone, byTopic, stateLocked, "could not be read before"),
	)
	if err = errors.Join(err, pipe.Run(ctx)); err != nil {
		return fmt.Errorf("revive dead letters: %w", err)
	}
	return nil
}

// queueInstead queues the making of waiting events of dead letters, under the keys that the events have now.
func (e *Engine) queueInstead(ctx context.Context, pipe *queries.Pipeline, gone []queries.ParkedEvent, byTopic map[string][]item, state, cause string) error {
	var keys queries.ParkedEventsRemoveParams
	for _, dead := range gone {
		keys.UserIDs, keys.EventIDs = append(keys.UserIDs, dead.UserID), append(keys.EventIDs, dead.EventID)
	}
	err := e.q.ParkedEventsRemove(ctx, pipe, keys)
	for topic, items := range byTopic {
		err = errors.Join(err, e.q.ParkedEventsWait(ctx, pipe, waiting(topic, state, cause, items)))
	}
	return err
}

// retry gives one dead letter another chance. What could not be read of it may be known now, so it is parked anew where
// it has to wait.
func (e *Engine) retry(ctx context.Context, dead queries.ParkedEvent) (waits bool, err error) {
	event, err := domain.DecodeEvent(dead.Metadata, dead.Payload)
	if err != nil {
		_, err = e.stillDead(ctx, dead, stateUnreadable, err)
		return false, err
	}
	items := []item{{recordOf(dead), event}}
	err = e.project(ctx, e.pool, batch{topic: dead.Topic, items: items, parked: true, wait: true})
	switch state := sqlState(err); {
	case err == nil:
		return false, e.removeMisfiled(ctx, dead, event)
	case refused(state):
		_, err = e.stillDead(ctx, dead, stateRefused, err)
		return false, err
	case state == lockNotAvailable:
		pipe := queries.NewPipeline(e.pool)
		failure := e.queueInstead(ctx, pipe, []queries.ParkedEvent{dead}, map[string][]item{dead.Topic: items}, stateBehind(err), err.Error())
		if failure = errors.Join(failure, pipe.Run(ctx)); failure != nil {
			return false, fmt.Errorf("park event %s anew: %w", dead.EventID, failure)
		}
		return true, nil
	default:
		return false, fmt.Errorf("retry event %s: %w", dead.EventID, err)
	}
}

// stillDead notes a vain attempt, and says whether the letter is there.
func (e *Engine) stillDead(ctx context.Context, dead queries.ParkedEvent, state string, cause error) (there bool, err error) {
	n, err := e.q.ParkedEventsTried(ctx, e.pool, queries.ParkedEventsTriedParams{
		UserIDs: []string{dead.UserID}, EventIDs: []string{dead.EventID}, State: state, Error: cause.Error(), TriedAt: time.Now(),
	})
	return n > 0, err
}

// removeMisfiled removes a letter that was parked without its collector, under another key than the event has now.
func (e *Engine) removeMisfiled(ctx context.Context, dead queries.ParkedEvent, event domain.Event) error {
	if dead.UserID == string(event.Collector()) {
		return nil
	}
	return e.q.ParkedEventsRemove(ctx, e.pool, queries.ParkedEventsRemoveParams{UserIDs: []string{dead.UserID}, EventIDs: []string{dead.EventID}})
}

func recordOf(p queries.ParkedEvent) messaging.Record {
	return messaging.Record{UUID: p.EventID, Metadata: p.Metadata, Payload: p.Payload}
}
