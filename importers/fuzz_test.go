package importers_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/brickboard/brickboard/domain"
	"github.com/brickboard/brickboard/importers"
)

func FuzzBrickLinkWantedList(f *testing.F) {
	for _, seed := range []string{
		inventory(lot("4", "1"), lot("-1", "")), inventory(lot("x", "")), inventory("<ITEM><X><MINQTY>1</MINQTY></X></ITEM>"),
		"\ufeff<?xml version=\"1.0\" encoding=\"UTF-8\"?>" + inventory(lot("4", "")), "<!-- a --><INVENTORY/>", "0 FILE a.ldr", "\x1f\x8b\x08", "PK\x03\x04",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		list, err := importers.BrickLinkWantedList(bytes.NewReader(file))
		if err != nil {
			require.Zero(t, list)
			require.NotEmpty(t, err.Error())
			return
		}
		require.True(t, 0 <= list.Owned && list.Owned <= list.Total && list.Total <= domain.MaxParts, "%+v", list)
		require.True(t, 0 <= list.Unlimited && list.Unlimited <= list.Lots && list.Lots > 0, "%+v", list)
	})
}

func FuzzBricksetSets(f *testing.F) {
	for _, seed := range []string{
		bricksetHeader + line("6080-1", "Castle", "King's Castle", "1"), bricksetHeader + line("1-1", "", "\"a\nb\"", "0") + "\n,,\n",
		"\ufeffNumber,Theme,Set name,Qty owned\r\n1-1,a,b,2\r\n1-1,a,b,3,4,5\r\n", "Number,Number", "<html>", "\"", "\x1f\x8b\x08",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		list, err := importers.BricksetSets(bytes.NewReader(file))
		if err != nil {
			require.Zero(t, list)
			require.NotEmpty(t, err.Error())
			return
		}
		numbers := map[string]bool{}
		for _, set := range list.Sets {
			require.False(t, numbers[set.Number], "%q stands there twice", set.Number)
			require.True(t, 1 <= set.Quantity && set.Quantity <= domain.MaxQuantity, "%+v", set)
			numbers[set.Number] = true
		}
		require.Positive(t, len(list.Sets)+list.NotOwned)
	})
}
