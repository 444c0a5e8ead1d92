package projections

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/brickboard/brickboard/domain"
	"github.com/brickboard/brickboard/domain/command"
	"github.com/brickboard/brickboard/internal/messaging"
)

// collection is what one collector of a random history still has.
type collection struct {
	id                   domain.CollectorID
	mocs, sets, wishlist []uuid.UUID
}

var (
	themes   = rapid.SampledFrom([]string{"Castle", "Space", "Ünïcode ✨", "technic", "Technic"})
	statuses = rapid.SampledFrom([]domain.BuildStatus{domain.Added, domain.InProgress, domain.Built})
	parts    = rapid.Custom(func(t *rapid.T) domain.Parts {
		total := rapid.IntRange(0, 12).Draw(t, "total")
		owned := rapid.IntRange(0, total).Draw(t, "owned")
		return domain.Parts{Total: total, Owned: owned, Ordered: rapid.IntRange(0, total-owned).Draw(t, "ordered")}
	})
)

// act runs one random command.
func (c *collection) act(t *rapid.T, s *command.Service) {
	ctx := context.Background()
	theme := themes.Draw(t, "theme")
	switch pick := rapid.IntRange(0, 10).Draw(t, "command"); {
	case pick <= 2 || pick <= 5 && len(c.mocs) == 0:
		cover := "https://example.org/cover.jpg"
		moc, err := s.AddMOC(ctx, command.AddMOC{Collector: c.id, Draft: domain.MOCDraft{
			Title: "T" + theme, Theme: theme, BuildStatus: statuses.Draw(t, "status"), CoverImageURL: &cover, Parts: parts.Draw(t, "parts"),
		}})
		require.NoError(t, err)
		c.mocs = append(c.mocs, moc.ID)
	case pick == 3:
		status := statuses.Draw(t, "status")
		_, err := s.EditMOC(ctx, command.EditMOC{Collector: c.id, ID: one(t, c.mocs), Edit: domain.MOCEdit{
			Theme: &theme, BuildStatus: &status, RemoveCover: rapid.Bool().Draw(t, "remove cover"),
		}})
		require.NoError(t, err)
	case pick == 4:
		_, err := s.CountMOCParts(ctx, command.CountMOCParts{Collector: c.id, ID: one(t, c.mocs), Parts: parts.Draw(t, "parts")})
		require.NoError(t, err)
	case pick == 5:
		require.NoError(t, s.DeleteMOC(ctx, command.DeleteMOC{Collector: c.id, ID: take(t, &c.mocs)}))
	case pick == 6 || pick <= 8 && len(c.sets) == 0:
		set, err := s.AddSet(ctx, command.AddSet{Collector: c.id, Draft: domain.SetDraft{
			Number: "1-1", Name: "N", Theme: theme, Quantity: rapid.IntRange(1, 9999).Draw(t, "quantity"),
		}})
		require.NoError(t, err)
		c.sets = append(c.sets, set.ID)
	case pick == 7:
		quantity := rapid.IntRange(1, 3).Draw(t, "quantity")
		_, err := s.EditSet(ctx, command.EditSet{Collector: c.id, ID: one(t, c.sets), Edit: domain.SetEdit{Theme: &theme, Quantity: &quantity}})
		require.NoError(t, err)
	case pick == 8:
		require.NoError(t, s.DeleteSet(ctx, command.DeleteSet{Collector: c.id, ID: take(t, &c.sets)}))
	case pick == 9 || len(c.wishlist) == 0:
		item, err := s.AddWishlistItem(ctx, command.AddWishlistItem{Collector: c.id, Draft: domain.WishlistDraft{Kind: domain.WishedMOC, Title: "W"}})
		require.NoError(t, err)
		c.wishlist = append(c.wishlist, item.ID)
	default:
		require.NoError(t, s.DeleteWishlistItem(ctx, command.DeleteWishlistItem{Collector: c.id, ID: take(t, &c.wishlist)}))
	}
}

func one(t *rapid.T, ids []uuid.UUID) uuid.UUID {
	return rapid.SampledFrom(ids).Draw(t, "one of them")
}

func take(t *rapid.T, ids *[]uuid.UUID) uuid.UUID {
	id := one(t, *ids)
	*ids = slices.DeleteFunc(*ids, func(other uuid.UUID) bool { return other == id })
	return id
}

// Random histories of several collectors, delivered shuffled, repeated and in any batches, end in the tables that follow
// from the write model; every collector's revisions have no hole.
func TestEngine_Project_ConvergesWhateverTheDelivery(t *testing.T) {
	t.Parallel()
	b := setup(t)
	rapid.Check(t, func(t *rapid.T) {
		run := uuid.NewString()
		collectors := make([]*collection, rapid.IntRange(1, 3).Draw(t, "collectors"))
		for i := range collectors {
			collectors[i] = &collection{id: domain.CollectorID(fmt.Sprintf("%s-%d", run, i))}
		}
		for range rapid.IntRange(1, 40).Draw(t, "commands") {
			collectors[rapid.IntRange(0, len(collectors)-1).Draw(t, "collector")].act(t, b.commands)
		}
		written := b.outbox(t)
		b.deliver(t, written)
		b.requireRecomputed(t)
		for _, c := range collectors {
			b.requireRevisionsWithoutHoles(t, string(c.id))
		}
		_, err := b.pool.Exec(context.Background(), `TRUNCATE mocs, sets, wishlist_items, projected_mocs, projected_sets, projected_wishlist_items,
			dashboard_summary, theme_stats, recent_mocs, partial_parts, watermill_collection_0, watermill_collection_1`)
		require.NoError(t, err)
	})
}

// deliver gives every record at least once, some twice, in a random order and in random batches.
func (b bundle) deliver(t *rapid.T, written []messaging.Record) {
	queue := rapid.Permutation(append(slices.Clone(written), written[:rapid.IntRange(0, len(written)).Draw(t, "repeated")]...)).Draw(t, "order")
	for len(queue) > 0 {
		n := rapid.IntRange(1, len(queue)).Draw(t, "batch")
		b.project(t, queue[:n]...)
		queue = queue[n:]
	}
}

func (b bundle) requireRevisionsWithoutHoles(t require.TestingT, collector string) {
	seen := int64(0)
	for _, revision := range b.bus.of(collector) {
		require.Contains(t, []int64{seen, seen + 1}, revision, "revisions of %s: %v", collector, b.bus.of(collector))
		seen = revision
	}
	var stored int64
	err := b.pool.QueryRow(context.Background(), "SELECT coalesce(max(revision), 0) FROM collector_revisions WHERE user_id = $1", collector).Scan(&stored)
	require.NoError(t, err)
	require.Equal(t, stored, seen)
}
