package command

import (
	"context"

	"github.com/google/uuid"

	"github.com/brickboard/brickboard/domain"
	"github.com/brickboard/brickboard/queries"
)

// endWishlistItem is the deletion of the stored item of that id.
func (s *Service) endWishlistItem(collector domain.CollectorID, id uuid.UUID, expected Versions) change[domain.WishlistItem] {
	return change[domain.WishlistItem]{
		collector: collector, expected: expected, missing: domain.ErrWishlistItemNotFound,
		version: func(w domain.WishlistItem) int64 { return w.Version },
		decide:  func(w domain.WishlistItem) (domain.WishlistItem, error) { return w.Deleted(s.now()), nil },
		lock: func(ctx context.Context, db queries.DBTX) (item domain.WishlistItem, err error) {
			s.q.WishlistItemLock(ctx, db, []queries.WishlistItemLockParams{{UserID: string(collector), ID: id}}).QueryRow(
				func(_ int, row queries.WishlistItem, e error) { item, err = wishlistItemOf(row), e })
			return item, err
		},
		write: func(ctx context.Context, u *unit, w domain.WishlistItem) error {
			err := u.q.WishlistItemDelete(ctx, u.pipe, queries.WishlistItemDeleteParams{
				UserID: string(w.Collector), ID: w.ID, Version: w.Version, UpdatedAt: w.UpdatedAt,
			})
			if err != nil {
				return err
			}
			return u.record(ctx, domain.Event{ID: newID(), Type: domain.WishlistItemDeleted, WishlistItem: &w})
		},
	}
}

func (u *unit) insertWishlistItem(ctx context.Context, w domain.WishlistItem) error {
	err := u.q.WishlistItemInsert(ctx, u.pipe, queries.WishlistItemInsertParams{
		UserID: string(w.Collector), ID: w.ID, Kind: string(w.Kind), Title: w.Title, Reference: w.Reference,
		Theme: w.Theme, Version: w.Version, CreatedAt: w.CreatedAt, UpdatedAt: w.UpdatedAt,
	})
	if err != nil {
		return err
	}
	return u.record(ctx, domain.Event{ID: newID(), Type: domain.WishlistItemAdded, WishlistItem: &w})
}

func wishlistItemOf(row queries.WishlistItem) domain.WishlistItem {
	return domain.WishlistItem{
		Collector: domain.CollectorID(row.UserID), ID: row.ID, Kind: domain.WishlistKind(row.Kind), Title: row.Title,
		Reference: row.Reference, Theme: row.Theme, Version: row.Version,
		CreatedAt: row.CreatedAt.UTC(), UpdatedAt: row.UpdatedAt.UTC(),
	}
}
