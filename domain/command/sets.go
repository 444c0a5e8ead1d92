package command

import (
	"context"

	"github.com/google/uuid"

	"github.com/brickboard/brickboard/domain"
	"github.com/brickboard/brickboard/queries"
)

// changeSet is a command on the stored set of that id.
func (s *Service) changeSet(collector domain.CollectorID, id uuid.UUID, expected Versions, as domain.EventType,
	decide func(domain.Set) (domain.Set, error),
) change[domain.Set] {
	return change[domain.Set]{
		collector: collector, expected: expected, missing: domain.ErrSetNotFound, decide: decide,
		version: func(set domain.Set) int64 { return set.Version },
		lock: func(ctx context.Context, db queries.DBTX) (set domain.Set, err error) {
			s.q.SetLock(ctx, db, []queries.SetLockParams{{UserID: string(collector), ID: id}}).QueryRow(
				func(_ int, row queries.Set, e error) { set, err = setOf(row), e })
			return set, err
		},
		write: func(ctx context.Context, u *unit, next domain.Set) error { return u.updateSet(ctx, next, as) },
	}
}

func (u *unit) insertSet(ctx context.Context, set domain.Set) error {
	err := u.q.SetInsert(ctx, u.pipe, queries.SetInsertParams{
		UserID: string(set.Collector), ID: set.ID, SetNumber: set.Number, Name: set.Name, Theme: set.Theme,
		Quantity: int32(set.Quantity), Version: set.Version, CreatedAt: set.CreatedAt, UpdatedAt: set.UpdatedAt,
	})
	if err != nil {
		return err
	}
	return u.record(ctx, domain.Event{ID: newID(), Type: domain.SetAdded, Set: &set})
}

func (u *unit) updateSet(ctx context.Context, set domain.Set, as domain.EventType) error {
	err := u.q.SetUpdate(ctx, u.pipe, queries.SetUpdateParams{
		UserID: string(set.Collector), ID: set.ID, SetNumber: set.Number, Name: set.Name, Theme: set.Theme,
		Quantity: int32(set.Quantity), Version: set.Version, UpdatedAt: set.UpdatedAt,
		DeletedAt: endOf(as == domain.SetDeleted, set.UpdatedAt),
	})
	if err != nil {
		return err
	}
	return u.record(ctx, domain.Event{ID: newID(), Type: as, Set: &set})
}

func setOf(row queries.Set) domain.Set {
	return domain.Set{
		Collector: domain.CollectorID(row.UserID), ID: row.ID, Number: row.SetNumber, Name: row.Name, Theme: row.Theme,
		Quantity: int(row.Quantity), Version: row.Version, CreatedAt: row.CreatedAt.UTC(), UpdatedAt: row.UpdatedAt.UTC(),
	}
}
