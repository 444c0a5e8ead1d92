package command

import (
	"context"

	"github.com/google/uuid"

	"github.com/brickboard/brickboard/domain"
)

// DeleteMOC removes a MOC from a collection.
type DeleteMOC struct {
	Collector domain.CollectorID
	ID        uuid.UUID
	Expected  Versions
}

// DeleteMOC hides the MOC from every read. A MOC that is deleted already is not found.
func (s *Service) DeleteMOC(ctx context.Context, cmd DeleteMOC) error {
	_, err := s.changeMOC(cmd.Collector, cmd.ID, cmd.Expected, domain.MOCDeleted, func(m domain.MOC) (domain.MOC, error) {
		return m.Deleted(s.now()), nil
	}).run(ctx, s)
	return err
}
