package command

import (
	"context"
	"fmt"
	"time"

	"github.com/brickboard/brickboard/domain"
	"github.com/brickboard/brickboard/queries"
)

// SeedCollection gives a whole collection to a collector who never had anything.
type SeedCollection struct {
	Collector domain.CollectorID
	MOCs      []SeedMOC
	Sets      []domain.SetDraft
	Wishlist  []domain.WishlistDraft
}

// SeedMOC is a MOC that was added at one time, with nothing built and nothing owned, and came to its draft at another.
type SeedMOC struct {
	Draft              domain.MOCDraft
	AddedAt, ChangedAt time.Time
}

// SeedCollection says whether it did anything; a collector who has, or had, something keeps what is there.
func (s *Service) SeedCollection(ctx context.Context, cmd SeedCollection) (seeded bool, err error) {
	err = s.importFile(ctx, cmd.Collector, func(ctx context.Context, db queries.DBTX, u *unit) error {
		if seeded, err = u.q.CollectorIsNew(ctx, db, string(cmd.Collector)); err != nil {
			return fmt.Errorf("look for a collection: %w", err)
		}
		if !seeded {
			return nil
		}
		return cmd.queue(ctx, u)
	})
	return seeded && err == nil, err
}

func (cmd SeedCollection) queue(ctx context.Context, u *unit) error {
	for _, moc := range cmd.MOCs {
		if err := moc.queue(ctx, u); err != nil {
			return fmt.Errorf("moc %q: %w", moc.Draft.Title, err)
		}
	}
	for _, draft := range cmd.Sets {
		if _, err := (AddSet{Collector: cmd.Collector, Draft: draft}).queue(ctx, u); err != nil {
			return fmt.Errorf("set %s: %w", draft.Number, err)
		}
	}
	for _, draft := range cmd.Wishlist {
		if _, err := (AddWishlistItem{Collector: cmd.Collector, Draft: draft}).queue(ctx, u); err != nil {
			return fmt.Errorf("wishlist item %q: %w", draft.Title, err)
		}
	}
	return nil
}

func (m SeedMOC) queue(ctx context.Context, u *unit) error {
	first := m.Draft
	first.BuildStatus, first.Parts = domain.Added, domain.Parts{Total: m.Draft.Parts.Total}
	added, err := domain.NewMOC(u.collector, newID(), first, m.AddedAt)
	if err != nil {
		return err
	}
	if err := u.insertMOC(ctx, added); err != nil {
		return err
	}
	counted, err := added.CountParts(m.Draft.Parts, m.ChangedAt)
	if err != nil {
		return err
	}
	if counted.Version > added.Version {
		if err := u.updateMOC(ctx, counted, domain.MOCChanged); err != nil {
			return err
		}
	}
	final, err := counted.Edit(domain.MOCEdit{BuildStatus: &m.Draft.BuildStatus}, m.ChangedAt)
	if err != nil || final.Version == counted.Version {
		return err
	}
	return u.updateMOC(ctx, final, domain.MOCChanged)
}
