package command

import (
	"context"

	"github.com/google/uuid"

	"github.com/brickboard/brickboard/domain"
)

// DeleteWishlistItem removes a wish from a collector's wishlist.
type DeleteWishlistItem struct {
	Collector domain.CollectorID
	ID        uuid.UUID
	Expected  Versions
}

// DeleteWishlistItem hides the item from every read. An item that is deleted already is not found.
func (s *Service) DeleteWishlistItem(ctx context.Context, cmd DeleteWishlistItem) error {
	_, err := s.endWishlistItem(cmd.Collector, cmd.ID, cmd.Expected).run(ctx, s)
	return err
}
