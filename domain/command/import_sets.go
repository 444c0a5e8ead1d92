package command

import (
	"context"
	"fmt"

	"github.com/brickboard/brickboard/domain"
	"github.com/brickboard/brickboard/queries"
)

// ImportSets brings owned sets, whose numbers do not repeat. A set is known by its number.
type ImportSets struct {
	Collector domain.CollectorID
	Sets      []domain.SetDraft
}

// ImportSets returns the sets that were added and the numbers of those that are left as they are, because the
// collector has them already, both in the order given. A draft that is not valid fails the whole import.
func (s *Service) ImportSets(ctx context.Context, cmd ImportSets) (added []domain.Set, present []string, err error) {
	err = s.importFile(ctx, cmd.Collector, func(ctx context.Context, db queries.DBTX, u *unit) error {
		added, present, err = cmd.plan(ctx, db, u)
		return err
	})
	return added, present, err
}

func (cmd ImportSets) plan(ctx context.Context, db queries.DBTX, u *unit) (added []domain.Set, present []string, err error) {
	numbers := make([]string, len(cmd.Sets))
	for i, draft := range cmd.Sets {
		numbers[i] = draft.Number
	}
	known, err := u.q.SetNumbers(ctx, db, queries.SetNumbersParams{UserID: string(cmd.Collector), SetNumbers: numbers})
	if err != nil {
		return nil, nil, fmt.Errorf("look for the sets: %w", err)
	}
	has := make(map[string]bool, len(known))
	for _, number := range known {
		has[number] = true
	}
	for _, draft := range cmd.Sets {
		if has[draft.Number] {
			present = append(present, draft.Number)
			continue
		}
		set, err := AddSet{Collector: cmd.Collector, Draft: draft}.queue(ctx, u)
		if err != nil {
			return nil, nil, fmt.Errorf("set %s: %w", draft.Number, err)
		}
		added = append(added, set)
	}
	return added, present, nil
}
