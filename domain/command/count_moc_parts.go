package command

import (
	"context"

	"github.com/google/uuid"

	"github.com/brickboard/brickboard/domain"
)

// CountMOCParts replaces the counts of a MOC's parts list.
type CountMOCParts struct {
	Collector domain.CollectorID
	ID        uuid.UUID
	Expected  Versions
	Parts     domain.Parts
}

// CountMOCParts returns the MOC as it then is. Equal counts keep the version and write no event.
func (s *Service) CountMOCParts(ctx context.Context, cmd CountMOCParts) (domain.MOC, error) {
	return s.changeMOC(cmd.Collector, cmd.ID, cmd.Expected, domain.MOCChanged, func(m domain.MOC) (domain.MOC, error) {
		return m.CountParts(cmd.Parts, s.now())
	}).run(ctx, s)
}
