package command

import (
	"context"

	"github.com/google/uuid"

	"github.com/brickboard/brickboard/domain"
)

// EditSet changes what a collector says of a set.
type EditSet struct {
	Collector domain.CollectorID
	ID        uuid.UUID
	Expected  Versions
	Edit      domain.SetEdit
}

// EditSet returns the set as it then is. An edit that changes no field keeps the version and writes no event.
func (s *Service) EditSet(ctx context.Context, cmd EditSet) (domain.Set, error) {
	return s.changeSet(cmd.Collector, cmd.ID, cmd.Expected, domain.SetChanged, func(set domain.Set) (domain.Set, error) {
		return set.Edit(cmd.Edit, s.now())
	}).run(ctx, s)
}
