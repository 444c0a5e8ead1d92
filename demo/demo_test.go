package demo_test

import (
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/brickboard/brickboard/demo"
	"github.com/brickboard/brickboard/domain"
)

func collection(t *testing.T) demo.Contents {
	t.Helper()
	contents, err := demo.Collection()
	require.NoError(t, err)
	return contents
}

func TestCollection_KeepsTheRules(t *testing.T) {
	t.Parallel()
	contents := collection(t)
	now := time.Unix(1_700_000_000, 0)
	for _, moc := range contents.MOCs {
		_, err := domain.NewMOC("demo", uuid.Nil, moc.MOCDraft, now)
		require.NoError(t, err, moc.Title)
	}
	for _, set := range contents.Sets {
		_, err := domain.NewSet("demo", uuid.Nil, set, now)
		require.NoError(t, err, set.Number)
		require.Regexp(t, `^[0-9]+-[0-9]$`, set.Number)
	}
	for _, item := range contents.Wishlist {
		_, err := domain.NewWishlistItem("demo", uuid.Nil, item, now)
		require.NoError(t, err, item.Title)
	}
}

// A MOC is known by title and theme, a set by its number: what repeats would be lost or doubled.
func TestCollection_NothingRepeats(t *testing.T) {
	t.Parallel()
	contents := collection(t)
	seen := map[string]int{}
	for _, moc := range contents.MOCs {
		seen["moc "+moc.Theme+": "+moc.Title]++
	}
	for _, set := range contents.Sets {
		seen["set "+set.Number]++
	}
	for _, item := range contents.Wishlist {
		seen["wish "+item.Title]++
	}
	require.Len(t, seen, 60+40+12)
	require.Equal(t, [3]int{60, 40, 12}, [3]int{len(contents.MOCs), len(contents.Sets), len(contents.Wishlist)})
}

func TestCollection_ShowsAllThereIs(t *testing.T) {
	t.Parallel()
	contents := collection(t)
	builds, coverages, themes := map[domain.BuildStatus]int{}, map[domain.CoverageStatus]int{}, map[string]int{}
	for _, moc := range contents.MOCs {
		builds[moc.BuildStatus]++
		coverages[moc.Parts.CoverageStatus()]++
		themes[moc.Theme]++
	}
	require.Equal(t, map[domain.BuildStatus]int{domain.Added: 14, domain.InProgress: 19, domain.Built: 27}, builds)
	require.Equal(t, map[domain.CoverageStatus]int{domain.FullInventory: 27, domain.PartialOrdered: 26, domain.NoCoverage: 7}, coverages)
	require.Len(t, themes, 15)

	quantity := 0
	for _, set := range contents.Sets {
		themes[set.Theme]++
		quantity += set.Quantity
	}
	require.Len(t, themes, 17)
	require.Equal(t, 45, quantity)

	kinds := map[domain.WishlistKind]int{}
	for _, item := range contents.Wishlist {
		kinds[item.Kind]++
	}
	require.Equal(t, map[domain.WishlistKind]int{domain.WishedMOC: 5, domain.WishedSet: 7}, kinds)
}

func TestCollection_CoverageSpreads(t *testing.T) {
	t.Parallel()
	percentages := map[int]int{}
	for _, moc := range collection(t).MOCs {
		if moc.Parts.CoverageStatus() == domain.PartialOrdered {
			percentages[moc.Parts.CoveragePercentage()]++
		}
	}
	require.Positive(t, percentages[0], "some parts, and yet 0 %%")
	require.Positive(t, percentages[99], "almost all is not all")
	require.Positive(t, percentages[100], "all on hand or on order, but not all on hand")
	require.Greater(t, len(percentages), 12, "%v", slices.Sorted(maps.Keys(percentages)))
}

func TestCollection_Ages(t *testing.T) {
	t.Parallel()
	mocs := collection(t).MOCs
	for i, moc := range mocs {
		require.True(t, 0 <= moc.ChangedDaysAgo && moc.ChangedDaysAgo <= moc.AddedDaysAgo, moc.Title)
		if i > 0 {
			require.Less(t, moc.AddedDaysAgo, mocs[i-1].AddedDaysAgo, moc.Title)
		}
	}
	require.InDelta(t, 730, mocs[0].AddedDaysAgo, 60)
	require.Less(t, mocs[len(mocs)-1].AddedDaysAgo, 30)
}
