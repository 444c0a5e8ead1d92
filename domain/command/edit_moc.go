package command

import (
	"context"

	"github.com/google/uuid"

	"github.com/brickboard/brickboard/domain"
)

// EditMOC changes what a collector says of a MOC.
type EditMOC struct {
	Collector domain.CollectorID
	ID        uuid.UUID
	Expected  Versions
	Edit      domain.MOCEdit
}

// EditMOC returns the MOC as it then is. An edit that changes no field keeps the version and writes no event.
func (s *Service) EditMOC(ctx context.Context, cmd EditMOC) (domain.MOC, error) {
	return s.changeMOC(cmd.Collector, cmd.ID, cmd.Expected, domain.MOCChanged, func(m domain.MOC) (domain.MOC, error) {
		return m.Edit(cmd.Edit, s.now())
	}).run(ctx, s)
}
