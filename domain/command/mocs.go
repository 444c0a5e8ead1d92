package command

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/brickboard/brickboard/domain"
	"github.com/brickboard/brickboard/queries"
)

// changeMOC is a command on the stored MOC of that id.
func (s *Service) changeMOC(collector domain.CollectorID, id uuid.UUID, expected Versions, as domain.EventType,
	decide func(domain.MOC) (domain.MOC, error),
) change[domain.MOC] {
	return change[domain.MOC]{
		collector: collector, expected: expected, missing: domain.ErrMOCNotFound, decide: decide,
		version: func(m domain.MOC) int64 { return m.Version },
		lock: func(ctx context.Context, db queries.DBTX) (moc domain.MOC, err error) {
			s.q.MOCLock(ctx, db, []queries.MOCLockParams{{UserID: string(collector), ID: id}}).QueryRow(
				func(_ int, row queries.MOC, e error) { moc, err = mocOf(row), e })
			return moc, err
		},
		write: func(ctx context.Context, u *unit, next domain.MOC) error { return u.updateMOC(ctx, next, as) },
	}
}

func (u *unit) insertMOC(ctx context.Context, m domain.MOC) error {
	err := u.q.MOCInsert(ctx, u.pipe, queries.MOCInsertParams{
		UserID: string(m.Collector), ID: m.ID, Title: m.Title, Theme: m.Theme, BuildStatus: string(m.BuildStatus),
		CoverImageURL: m.CoverImageURL, PartsTotal: int32(m.Parts.Total), PartsOwned: int32(m.Parts.Owned),
		PartsOrdered: int32(m.Parts.Ordered), Version: m.Version, CreatedAt: m.CreatedAt, UpdatedAt: m.UpdatedAt,
	})
	if err != nil {
		return err
	}
	return u.record(ctx, domain.Event{ID: newID(), Type: domain.MOCAdded, MOC: &m})
}

func (u *unit) updateMOC(ctx context.Context, m domain.MOC, as domain.EventType) error {
	err := u.q.MOCUpdate(ctx, u.pipe, queries.MOCUpdateParams{
		UserID: string(m.Collector), ID: m.ID, Title: m.Title, Theme: m.Theme, BuildStatus: string(m.BuildStatus),
		CoverImageURL: m.CoverImageURL, PartsTotal: int32(m.Parts.Total), PartsOwned: int32(m.Parts.Owned),
		PartsOrdered: int32(m.Parts.Ordered), Version: m.Version, UpdatedAt: m.UpdatedAt,
		DeletedAt: endOf(as == domain.MOCDeleted, m.UpdatedAt),
	})
	if err != nil {
		return err
	}
	return u.record(ctx, domain.Event{ID: newID(), Type: as, MOC: &m})
}

// endOf is the row's deleted_at.
func endOf(deleted bool, at time.Time) *time.Time {
	if !deleted {
		return nil
	}
	return &at
}

func mocOf(row queries.MOC) domain.MOC {
	return domain.MOC{
		Collector: domain.CollectorID(row.UserID), ID: row.ID, Title: row.Title, Theme: row.Theme,
		BuildStatus: domain.BuildStatus(row.BuildStatus), CoverImageURL: row.CoverImageURL,
		Parts:   domain.Parts{Total: int(row.PartsTotal), Owned: int(row.PartsOwned), Ordered: int(row.PartsOrdered)},
		Version: row.Version, CreatedAt: row.CreatedAt.UTC(), UpdatedAt: row.UpdatedAt.UTC(),
	}
}
