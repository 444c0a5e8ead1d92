package command

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/brickboard/brickboard/domain"
	"github.com/brickboard/brickboard/internal/messaging"
)

func TestService_MOC_RowAndEventOfEachChange(t *testing.T) {
	t.Parallel()
	b := setup(t)
	moc := b.addMOC(t)
	edited, err := b.service.EditMOC(t.Context(), EditMOC{b.id, moc.ID, nil, domain.MOCEdit{Title: ptr("Tower"), CoverImageURL: ptr("https://x/y")}})
	require.NoError(t, err)
	counted, err := b.service.CountMOCParts(t.Context(), CountMOCParts{b.id, moc.ID, Versions{2}, domain.Parts{Total: 10, Owned: 10}})
	require.NoError(t, err)
	require.Equal(t, edited.CoverImageURL, counted.CoverImageURL)
	stored, err := b.collection.MOC(t.Context(), b.id, moc.ID)
	require.NoError(t, err)
	require.Equal(t, counted, stored)
	require.NoError(t, b.service.DeleteMOC(t.Context(), DeleteMOC{b.id, moc.ID, nil}))
	_, err = b.collection.MOC(t.Context(), b.id, moc.ID)
	require.ErrorIs(t, err, domain.ErrMOCNotFound)
	require.Equal(t, []string{"moc.added.v1 1", "moc.changed.v1 2", "moc.changed.v1 3", "moc.deleted.v1 4"}, b.events(t))
	topic := messaging.TopicFor(string(b.id))
	require.Equal(t, []string{topic, topic, topic, topic}, b.woken.topics)
}

func TestService_SetAndWishlistItem_RowAndEventOfEachChange(t *testing.T) {
	t.Parallel()
	b := setup(t)
	set, err := b.service.AddSet(t.Context(), AddSet{b.id, domain.SetDraft{Number: "1-1", Name: "n", Theme: "t", Quantity: 1}})
	require.NoError(t, err)
	more, err := b.service.EditSet(t.Context(), EditSet{b.id, set.ID, nil, domain.SetEdit{Quantity: ptr(3)}})
	require.NoError(t, err)
	stored, err := b.collection.Set(t.Context(), b.id, set.ID)
	require.NoError(t, err)
	require.Equal(t, more, stored)
	require.NoError(t, b.service.DeleteSet(t.Context(), DeleteSet{b.id, set.ID, Versions{2}}))

	item, err := b.service.AddWishlistItem(t.Context(), AddWishlistItem{b.id, domain.WishlistDraft{Kind: domain.WishedSet, Title: "w", Reference: ptr("r")}})
	require.NoError(t, err)
	wished, err := b.collection.WishlistItem(t.Context(), b.id, item.ID)
	require.NoError(t, err)
	require.Equal(t, item, wished)
	require.NoError(t, b.service.DeleteWishlistItem(t.Context(), DeleteWishlistItem{b.id, item.ID, nil}))
	require.Equal(t, []string{"set.added.v1 1", "set.changed.v1 2", "set.deleted.v1 3", "wishlist_item.added.v1 1", "wishlist_item.deleted.v1 2"}, b.events(t))
}

func TestService_ChangeOfNothing_KeepsVersionAndWritesNoEvent(t *testing.T) {
	t.Parallel()
	b := setup(t)
	moc := b.addMOC(t)
	set, err := b.service.AddSet(t.Context(), AddSet{b.id, domain.SetDraft{Number: "1-1", Name: "n", Theme: "t", Quantity: 1}})
	require.NoError(t, err)
	same, err := b.service.CountMOCParts(t.Context(), CountMOCParts{b.id, moc.ID, nil, moc.Parts})
	require.NoError(t, err)
	require.Equal(t, moc, same)
	same, err = b.service.EditMOC(t.Context(), EditMOC{b.id, moc.ID, nil, domain.MOCEdit{}})
	require.NoError(t, err)
	require.Equal(t, moc, same)
	sameSet, err := b.service.EditSet(t.Context(), EditSet{b.id, set.ID, nil, domain.SetEdit{Quantity: ptr(set.Quantity)}})
	require.NoError(t, err)
	require.Equal(t, set, sameSet)
	require.Equal(t, []string{"moc.added.v1 1", "set.added.v1 1"}, b.events(t))
	require.Len(t, b.woken.topics, 2)
}

func TestService_Change_Refuses(t *testing.T) {
	t.Parallel()
	b := setup(t)
	moc := b.addMOC(t)
	edit := domain.MOCEdit{Title: ptr("Tower")}
	for name, c := range map[string]struct {
		cmd  EditMOC
		want error
	}{
		"AnotherCollectors":              {EditMOC{"somebody else", moc.ID, nil, edit}, domain.ErrMOCNotFound},
		"UnknownID":                      {EditMOC{b.id, uuid.New(), nil, edit}, domain.ErrMOCNotFound},
		"OtherVersion":                   {EditMOC{b.id, moc.ID, Versions{2, 3}, edit}, domain.ErrVersionMismatch},
		"NoVersion":                      {EditMOC{b.id, moc.ID, Versions{}, edit}, domain.ErrVersionMismatch},
		"OtherVersionOfAChangeOfNothing": {EditMOC{b.id, moc.ID, Versions{2}, domain.MOCEdit{}}, domain.ErrVersionMismatch},
	} {
		_, err := b.service.EditMOC(t.Context(), c.cmd)
		require.ErrorIs(t, err, c.want, name)
	}
	_, err := b.service.EditMOC(t.Context(), EditMOC{b.id, moc.ID, nil, domain.MOCEdit{Title: ptr("")}})
	var invalid *domain.Error
	require.ErrorAs(t, err, &invalid)
	require.Len(t, b.events(t), 1)
	require.Zero(t, b.pool.Stat().AcquiredConns(), "every transaction was ended")
}

func TestService_WithoutItsEvent_TheRowIsNotWritten(t *testing.T) {
	t.Parallel()
	b := setup(t)
	moc := b.addMOC(t)
	for _, topic := range messaging.Topics() {
		_, err := b.pool.Exec(t.Context(), "ALTER TABLE watermill_"+topic+" RENAME TO away_"+topic)
		require.NoError(t, err)
	}
	_, err := b.service.AddMOC(t.Context(), AddMOC{b.id, domain.MOCDraft{Title: "Lost", Theme: "Castle"}})
	require.Error(t, err)
	_, err = b.service.EditMOC(t.Context(), EditMOC{b.id, moc.ID, nil, domain.MOCEdit{Title: ptr("Lost")}})
	require.Error(t, err)
	mocs, err := b.collection.MOCs(t.Context(), b.id, MOCFilter{}, Page{Limit: 10})
	require.NoError(t, err)
	require.Equal(t, []domain.MOC{moc}, mocs)
	require.Len(t, b.woken.topics, 1)
}

func TestCollection_MOCs_PagesAndFilters(t *testing.T) {
	t.Parallel()
	b := setup(t)
	drafts := []domain.MOCDraft{
		{Title: "Keep", Theme: "Castle"},
		{Title: "keeper's house", Theme: "Castle", BuildStatus: domain.Built, Parts: domain.Parts{Total: 1, Owned: 1}},
		{Title: "Rocket 100%_", Theme: "Space", Parts: domain.Parts{Total: 2, Owned: 1}},
	}
	var all []domain.MOC
	for _, draft := range drafts {
		moc, err := b.service.AddMOC(t.Context(), AddMOC{b.id, draft})
		require.NoError(t, err)
		all = append([]domain.MOC{moc}, all...)
	}
	list := func(filter MOCFilter, page Page) []domain.MOC {
		mocs, err := b.collection.MOCs(t.Context(), b.id, filter, page)
		require.NoError(t, err)
		return mocs
	}
	require.Equal(t, all, list(MOCFilter{}, Page{Limit: 10}))
	require.Equal(t, all[1:2], list(MOCFilter{}, Page{After: &Position{all[0].CreatedAt, all[0].ID}, Limit: 1}))
	require.Equal(t, all[1:], list(MOCFilter{Theme: ptr("Castle")}, Page{Limit: 10}))
	require.Equal(t, all[1:2], list(MOCFilter{BuildStatus: ptr(domain.Built)}, Page{Limit: 10}))
	require.Equal(t, all[1:], list(MOCFilter{Text: ptr("KEEP")}, Page{Limit: 10}))
	require.Equal(t, all[:1], list(MOCFilter{Text: ptr("%_")}, Page{Limit: 10}), "no wildcards")
	for i, status := range []domain.CoverageStatus{domain.PartialOrdered, domain.FullInventory, domain.NoCoverage} {
		require.Equal(t, all[i:i+1], list(MOCFilter{CoverageStatus: &status}, Page{Limit: 10}))
	}
	require.Empty(t, list(MOCFilter{Theme: ptr("Trains")}, Page{Limit: 10}))
}

// The filter is SQL, the rule is domain's.
func TestCollection_MOCs_CoverageIsTheDomains(t *testing.T) {
	t.Parallel()
	b := setup(t)
	want := map[domain.CoverageStatus][]domain.MOC{}
	for total := range 3 {
		for owned := range total + 1 {
			for ordered := range total - owned + 1 {
				parts := domain.Parts{Total: total, Owned: owned, Ordered: ordered}
				moc, err := b.service.AddMOC(t.Context(), AddMOC{b.id, domain.MOCDraft{Title: "Keep", Theme: "Castle", Parts: parts}})
				require.NoError(t, err)
				want[parts.CoverageStatus()] = append(want[parts.CoverageStatus()], moc)
			}
		}
	}
	for status, mocs := range want {
		have, err := b.collection.MOCs(t.Context(), b.id, MOCFilter{CoverageStatus: &status}, Page{Limit: 20})
		require.NoError(t, err)
		require.ElementsMatch(t, mocs, have, status)
	}
	require.Len(t, want, 3)
}
