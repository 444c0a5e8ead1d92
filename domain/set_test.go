package domain

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestNewSet_Rules(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		draft  SetDraft
		broken []string
	}{
		"Good":         {SetDraft{"10497-1", "Galaxy Explorer", "Icons", 1}, nil},
		"Most":         {SetDraft{strings.Repeat("1", 64), strings.Repeat("n", 200), strings.Repeat("t", 80), 9999}, nil},
		"QuantityZero": {SetDraft{"1-1", "n", "t", 0}, []string{"quantity"}},
		"QuantityOver": {SetDraft{"1-1", "n", "t", 10_000}, []string{"quantity"}},
		"AllWrong":     {SetDraft{"", "a\nb", "\x00", -1}, []string{"setNumber", "name", "theme", "quantity"}},
	} {
		_, err := NewSet("ada", someID, c.draft, someTime)
		if c.broken == nil {
			require.NoError(t, err, name)
			continue
		}
		require.Equal(t, c.broken, fields(t, err), name)
	}
}

func TestSet_EditAndDelete(t *testing.T) {
	t.Parallel()
	set, err := NewSet("ada", someID, SetDraft{"1-1", "n", "t", 1}, someTime)
	require.NoError(t, err)
	same, err := set.Edit(SetEdit{Quantity: ptr(1), Name: ptr("n")}, someTime.Add(time.Hour))
	require.NoError(t, err)
	require.Equal(t, set, same)
	more, err := set.Edit(SetEdit{Quantity: ptr(2), Number: ptr("2-1"), Theme: ptr("u")}, someTime.Add(time.Second))
	require.NoError(t, err)
	require.Equal(t, Set{"ada", someID, "2-1", "n", "u", 2, 2, set.CreatedAt, set.CreatedAt.Add(time.Second)}, more)
	_, err = set.Edit(SetEdit{Quantity: ptr(0)}, someTime)
	require.Equal(t, []string{"quantity"}, fields(t, err))
	require.Equal(t, int64(3), more.Deleted(someTime).Version)
}

func TestNewWishlistItem_Rules(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		draft  WishlistDraft
		broken []string
	}{
		"Good":     {WishlistDraft{Kind: WishedMOC, Title: "t"}, nil},
		"Whole":    {WishlistDraft{Kind: WishedSet, Title: "t", Reference: ptr("10497-1"), Theme: ptr("Space")}, nil},
		"AllWrong": {WishlistDraft{Kind: "moc", Reference: ptr(""), Theme: ptr("\t")}, []string{"kind", "title", "reference", "theme"}},
	} {
		_, err := NewWishlistItem("ada", someID, c.draft, someTime)
		if c.broken == nil {
			require.NoError(t, err, name)
			continue
		}
		require.Equal(t, c.broken, fields(t, err), name)
	}
}

func TestParseCollectorID(t *testing.T) {
	t.Parallel()
	for _, good := range []string{"a", "auth0|5f7c", "Ünïcode ✨", strings.Repeat("x", 255)} {
		id, err := ParseCollectorID(good)
		require.NoError(t, err)
		require.Equal(t, CollectorID(good), id)
	}
	for _, bad := range []string{"", strings.Repeat("x", 256), strings.Repeat("é", 128), "a\x00", "a\u007f", "a\xff"} {
		_, err := ParseCollectorID(bad)
		require.Error(t, err, "%q", bad)
	}
}
