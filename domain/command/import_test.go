package command

import (
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/brickboard/brickboard/domain"
)

func TestService_ImportMOC(t *testing.T) {
	t.Parallel()
	b := setup(t)
	cmd := ImportMOC{Collector: b.id, Title: "Ghost", Theme: "Star Wars", Total: 100, Owned: 40}
	added, outcome, err := b.service.ImportMOC(t.Context(), cmd)
	require.NoError(t, err)
	require.Equal(t, ImportAdded, outcome)
	_, outcome, err = b.service.ImportMOC(t.Context(), cmd)
	require.NoError(t, err)
	require.Equal(t, ImportUnchanged, outcome)

	_, err = b.service.CountMOCParts(t.Context(), CountMOCParts{b.id, added.ID, nil, domain.Parts{Total: 100, Owned: 40, Ordered: 30}})
	require.NoError(t, err)
	_, outcome, err = b.service.ImportMOC(t.Context(), cmd)
	require.NoError(t, err)
	require.Equal(t, ImportUnchanged, outcome, "a list says nothing of what is ordered")
	cmd.Owned = 80
	updated, outcome, err := b.service.ImportMOC(t.Context(), cmd)
	require.NoError(t, err)
	require.Equal(t, ImportUpdated, outcome)
	require.Equal(t, domain.Parts{Total: 100, Owned: 80, Ordered: 20}, updated.Parts)
	require.Equal(t, added.ID, updated.ID)

	require.NoError(t, b.service.DeleteMOC(t.Context(), DeleteMOC{b.id, added.ID, nil}))
	anew, outcome, err := b.service.ImportMOC(t.Context(), cmd)
	require.NoError(t, err)
	require.Equal(t, ImportAdded, outcome, "what was deleted counts as absent")
	require.NotEqual(t, added.ID, anew.ID)
}

func TestService_ImportMOC_SameFileAtTheSameMoment(t *testing.T) {
	t.Parallel()
	b := setup(t)
	var (
		together sync.WaitGroup
		failures [6]error
	)
	for i := range failures {
		together.Go(func() {
			_, _, failures[i] = b.service.ImportMOC(t.Context(), ImportMOC{Collector: b.id, Title: "Ghost", Theme: "t", Total: 1})
		})
	}
	together.Wait()
	require.Equal(t, [6]error{}, failures)
	require.Equal(t, []string{"moc.added.v1 1"}, b.events(t))
}

func TestService_ImportSets(t *testing.T) {
	t.Parallel()
	b := setup(t)
	_, err := b.service.AddSet(t.Context(), AddSet{b.id, domain.SetDraft{Number: "2-1", Name: "mine", Theme: "t", Quantity: 5}})
	require.NoError(t, err)
	cmd := ImportSets{Collector: b.id, Sets: []domain.SetDraft{
		{Number: "1-1", Name: "a", Theme: "t", Quantity: 1}, {Number: "2-1", Name: "b", Theme: "t", Quantity: 2}, {Number: "3-1", Name: "c", Theme: "u", Quantity: 3},
	}}
	added, present, err := b.service.ImportSets(t.Context(), cmd)
	require.NoError(t, err)
	require.Equal(t, []string{"2-1"}, present)
	require.Len(t, added, 2)
	added, present, err = b.service.ImportSets(t.Context(), cmd)
	require.NoError(t, err)
	require.Empty(t, added)
	require.Equal(t, []string{"1-1", "2-1", "3-1"}, present)

	cmd.Sets = append(cmd.Sets, domain.SetDraft{Number: "4-1", Name: "d", Theme: "t", Quantity: 1}, domain.SetDraft{Number: "5-1", Quantity: 1})
	_, _, err = b.service.ImportSets(t.Context(), cmd)
	require.ErrorContains(t, err, "set 5-1")
	sets, err := b.collection.Sets(t.Context(), b.id, Page{Limit: 10})
	require.NoError(t, err)
	require.Len(t, sets, 3, "all or nothing")
}

func TestService_ImportSets_DeletedCountsAsAbsent(t *testing.T) {
	t.Parallel()
	b := setup(t)
	cmd := ImportSets{Collector: b.id, Sets: []domain.SetDraft{{Number: "1-1", Name: "a", Theme: "t", Quantity: 1}}}
	first, _, err := b.service.ImportSets(t.Context(), cmd)
	require.NoError(t, err)
	require.NoError(t, b.service.DeleteSet(t.Context(), DeleteSet{b.id, first[0].ID, nil}))
	again, present, err := b.service.ImportSets(t.Context(), cmd)
	require.NoError(t, err)
	require.Empty(t, present)
	require.Len(t, again, 1)
	require.NotEqual(t, first[0].ID, again[0].ID)
}

func TestService_SeedCollection_Once(t *testing.T) {
	t.Parallel()
	b := setup(t)
	now := time.Now()
	cmd := SeedCollection{
		Collector: b.id,
		MOCs: []SeedMOC{
			{domain.MOCDraft{Title: "a", Theme: "t", BuildStatus: domain.Built, Parts: domain.Parts{Total: 2, Owned: 2}}, now.AddDate(0, -1, 0), now},
			{domain.MOCDraft{Title: "b", Theme: "t", BuildStatus: domain.Added, Parts: domain.Parts{Total: 2}}, now.AddDate(0, -2, 0), now},
		},
		Sets:     []domain.SetDraft{{Number: "1-1", Name: "n", Theme: "t", Quantity: 1}},
		Wishlist: []domain.WishlistDraft{{Kind: domain.WishedMOC, Title: "w"}},
	}
	seeded, err := b.service.SeedCollection(t.Context(), cmd)
	require.NoError(t, err)
	require.True(t, seeded)
	mocs, err := b.collection.MOCs(t.Context(), b.id, MOCFilter{}, Page{Limit: 10})
	require.NoError(t, err)
	require.Equal(t, "a", mocs[0].Title)
	require.Equal(t, domain.Moment(now), mocs[0].UpdatedAt)
	require.Equal(t, mocs[1].CreatedAt, mocs[1].UpdatedAt, "nothing was built or owned since")
	require.Len(t, b.events(t), 3+1+1+1)

	for _, moc := range mocs {
		require.NoError(t, b.service.DeleteMOC(t.Context(), DeleteMOC{b.id, moc.ID, nil}))
	}
	seeded, err = b.service.SeedCollection(t.Context(), cmd)
	require.NoError(t, err)
	require.False(t, seeded)
}
