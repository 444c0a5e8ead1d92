package demo

import (
	"context"
	"time"

	"github.com/brickboard/brickboard/domain"
	"github.com/brickboard/brickboard/domain/command"
)

// Collector owns the demo collection.
const Collector domain.CollectorID = "demo"

// Load gives the collection to Collector, with ages that count back from now. It does so once: when Collector has, or
// had, anything, it returns false.
func Load(ctx context.Context, commands *command.Service, now time.Time) (bool, error) {
	contents, err := Collection()
	if err != nil {
		return false, err
	}
	seed := command.SeedCollection{Collector: Collector, Sets: contents.Sets, Wishlist: contents.Wishlist}
	for _, moc := range contents.MOCs {
		seed.MOCs = append(seed.MOCs, command.SeedMOC{
			Draft:   moc.MOCDraft,
			AddedAt: now.AddDate(0, 0, -moc.AddedDaysAgo), ChangedAt: now.AddDate(0, 0, -moc.ChangedDaysAgo),
		})
	}
	return commands.SeedCollection(ctx, seed)
}
