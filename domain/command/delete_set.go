package command

import (
	"context"

	"github.com/google/uuid"

	"github.com/brickboard/brickboard/domain"
)

// DeleteSet removes a set from a collection.
type DeleteSet struct {
	Collector domain.CollectorID
	ID        uuid.UUID
	Expected  Versions
}

// DeleteSet hides the set from every read. A set that is deleted already is not found.
func (s *Service) DeleteSet(ctx context.Context, cmd DeleteSet) error {
	_, err := s.changeSet(cmd.Collector, cmd.ID, cmd.Expected, domain.SetDeleted, func(set domain.Set) (domain.Set, error) {
		return set.Deleted(s.now()), nil
	}).run(ctx, s)
	return err
}
