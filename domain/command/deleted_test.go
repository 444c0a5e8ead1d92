package command

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/brickboard/brickboard/domain"
)

// addOfEach adds one MOC, set and wishlist item.
func (b bundle) addOfEach(t *testing.T) (moc domain.MOC, set domain.Set, item domain.WishlistItem) {
	t.Helper()
	moc = b.addMOC(t)
	set, err := b.service.AddSet(t.Context(), AddSet{b.id, domain.SetDraft{Number: "1-1", Name: "n", Theme: "t", Quantity: 1}})
	require.NoError(t, err)
	item, err = b.service.AddWishlistItem(t.Context(), AddWishlistItem{b.id, domain.WishlistDraft{Kind: domain.WishedMOC, Title: "w"}})
	require.NoError(t, err)
	return moc, set, item
}

// A rebuild from nothing has to know what was deleted, and at which version.
func TestService_Delete_KeepsTheRowHidden(t *testing.T) {
	t.Parallel()
	b := setup(t)
	moc, set, item := b.addOfEach(t)
	require.NoError(t, b.service.DeleteMOC(t.Context(), DeleteMOC{b.id, moc.ID, nil}))
	require.NoError(t, b.service.DeleteSet(t.Context(), DeleteSet{b.id, set.ID, nil}))
	require.NoError(t, b.service.DeleteWishlistItem(t.Context(), DeleteWishlistItem{b.id, item.ID, nil}))
	for table, id := range map[string]uuid.UUID{"mocs": moc.ID, "sets": set.ID, "wishlist_items": item.ID} {
		var kept bool
		err := b.pool.QueryRow(t.Context(), "SELECT version = 2 AND deleted_at = updated_at FROM "+table+" WHERE id = $1", id).Scan(&kept)
		require.NoError(t, err, table)
		require.True(t, kept, table)
	}

	_, err := b.collection.MOC(t.Context(), b.id, moc.ID)
	require.ErrorIs(t, err, domain.ErrMOCNotFound)
	_, err = b.collection.Set(t.Context(), b.id, set.ID)
	require.ErrorIs(t, err, domain.ErrSetNotFound)
	_, err = b.collection.WishlistItem(t.Context(), b.id, item.ID)
	require.ErrorIs(t, err, domain.ErrWishlistItemNotFound)
	mocs, err := b.collection.MOCs(t.Context(), b.id, MOCFilter{}, Page{Limit: 10})
	require.NoError(t, err)
	require.Empty(t, mocs)
	sets, err := b.collection.Sets(t.Context(), b.id, Page{Limit: 10})
	require.NoError(t, err)
	require.Empty(t, sets)
	items, err := b.collection.Wishlist(t.Context(), b.id, Page{Limit: 10})
	require.NoError(t, err)
	require.Empty(t, items)
}

func TestService_IDsAreUUIDv7(t *testing.T) {
	t.Parallel()
	b := setup(t)
	moc, set, item := b.addOfEach(t)
	for _, id := range []uuid.UUID{moc.ID, set.ID, item.ID} {
		require.EqualValues(t, 7, id.Version())
	}
}
