package command

import (
	"context"

	"github.com/brickboard/brickboard/domain"
)

// AddWishlistItem adds a wish to a collector's wishlist.
type AddWishlistItem struct {
	Collector domain.CollectorID
	Draft     domain.WishlistDraft
}

// AddWishlistItem returns the new item, at version 1.
func (s *Service) AddWishlistItem(ctx context.Context, cmd AddWishlistItem) (domain.WishlistItem, error) {
	return create(ctx, s, cmd.Collector, cmd.queue)
}

// AddWishlistItemOnce adds the item at most once for the key, and answers with what encode made of it the first time.
func (s *Service) AddWishlistItemOnce(ctx context.Context, cmd AddWishlistItem, key Key,
	encode func(domain.WishlistItem) (Answer, error),
) (Answer, error) {
	return createOnce(ctx, s, cmd.Collector, key, cmd.queue, encode)
}

func (cmd AddWishlistItem) queue(ctx context.Context, u *unit) (domain.WishlistItem, error) {
	item, err := domain.NewWishlistItem(cmd.Collector, newID(), cmd.Draft, u.now())
	if err != nil {
		return domain.WishlistItem{}, err
	}
	return item, u.insertWishlistItem(ctx, item)
}
