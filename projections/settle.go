package projections

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
)

const lockNotAvailable = "55P03"

// lockError is a failed step of a batch's transaction. locked says that the step takes the collectors' locks.
type lockError struct {
	step   string
	err    error
	locked bool
}

func (e *lockError) Error() string { return e.step + ": " + e.err.Error() }
func (e *lockError) Unwrap() error { return e.err }

// settle sees to it that every item is projected or parked. What some of the items are to blame for is narrowed down by
// halves: a foreign lock to one collector, which then waits; a refusal by the data to one item, which then is a dead
// letter.
func (e *Engine) settle(ctx context.Context, b batch) error {
	if len(b.items) == 0 {
		return nil
	}
	err := e.project(ctx, e.pool, b)
	state := sqlState(err)
	switch {
	case err == nil:
		return nil
	case state != lockNotAvailable && !refused(state):
		return fmt.Errorf("project %d events: %w", len(b.items), err)
	case b.part || b.parked:
		b.part = true
		return e.narrow(ctx, b, err)
	}
	// An earlier delivery may have been cut short here: what it came to is left out.
	items, failure := e.unparked(ctx, b.items)
	if failure != nil {
		return failure
	}
	b.part = true
	if len(items) < len(b.items) {
		b.items = items
		return e.settle(ctx, b)
	}
	return e.narrow(ctx, b, err)
}

// narrow settles the halves of what failed.
func (e *Engine) narrow(ctx context.Context, b batch, cause error) error {
	if refused(sqlState(cause)) {
		if len(b.items) == 1 {
			return e.bury(ctx, b.topic, stateRefused, letter{b.items[0].Record, cause})
		}
		half := len(b.items) / 2
		return e.settleAll(ctx, b, b.items[:half], b.items[half:])
	}
	collectors := byCollector(b.items)
	if len(collectors) == 1 {
		return e.park(ctx, b, stateBehind(cause), cause)
	}
	half := len(collectors) / 2
	return e.settleAll(ctx, b, slices.Concat(collectors[:half]...), slices.Concat(collectors[half:]...))
}

func (e *Engine) settleAll(ctx context.Context, b batch, parts ...[]item) error {
	for _, items := range parts {
		part := b
		part.items = items
		if err := e.settle(ctx, part); err != nil {
			return err
		}
	}
	return nil
}

// stateBehind says what kind of row could not be locked.
func stateBehind(err error) string {
	var step *lockError
	if errors.As(err, &step) && step.locked {
		return stateLocked
	}
	return stateBlocked
}

// refused says that the data itself is to blame: data exceptions and broken constraints.
func refused(sqlState string) bool {
	return strings.HasPrefix(sqlState, "22") || strings.HasPrefix(sqlState, "23")
}

func sqlState(err error) string {
	var failure *pgconn.PgError
	if errors.As(err, &failure) {
		return failure.Code
	}
	return ""
}
