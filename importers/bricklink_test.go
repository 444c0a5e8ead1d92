package importers_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/brickboard/brickboard/importers"
)

func inventory(items ...string) string {
	return "<INVENTORY>\n" + strings.Join(items, "\n") + "\n</INVENTORY>\n"
}

// lot has the elements of a BrickLink download, each on its line; filled may be empty.
func lot(minQty, filled string) string {
	if filled != "" {
		filled = "<QTYFILLED>" + filled + "</QTYFILLED>\n"
	}
	return "<ITEM>\n<ITEMTYPE>P</ITEMTYPE>\n<ITEMID>3005</ITEMID>\n<COLOR>11</COLOR>\n<MAXPRICE>-1.0000</MAXPRICE>\n" +
		"<MINQTY>" + minQty + "</MINQTY>\n" + filled + "<CONDITION>X</CONDITION>\n<NOTIFY>N</NOTIFY>\n</ITEM>"
}

func TestBrickLinkWantedList_Counts(t *testing.T) {
	t.Parallel()
	const declaration = `<?xml version="1.0" encoding="UTF-8"?>` + "\n"
	one := importers.PartsList{Total: 4, Owned: 1, Lots: 1}
	for name, test := range map[string]struct {
		file string
		want importers.PartsList
	}{
		"WithoutDeclaration":     {inventory(lot("4", "1")), one},
		"WithDeclaration":        {declaration + inventory(lot("4", "1")), one},
		"WithByteOrderMark":      {"\ufeff" + declaration + inventory(lot("4", "1")), one},
		"LowerCaseCharset":       {`<?xml version="1.0" encoding="utf-8"?>` + inventory(lot("4", "1")), one},
		"CRLF":                   {strings.ReplaceAll(declaration+inventory(lot("4", "1")), "\n", "\r\n"), one},
		"OnOneLine":              {strings.ReplaceAll(inventory(lot("4", "1")), "\n", ""), one},
		"BlanksAroundNumbers":    {inventory(lot(" 4\n", "\t1 ")), one},
		"CommentsAround":         {"<!-- mine -->" + inventory("<!-- a -->", lot("4<!-- b -->", "1")) + "<!-- c -->\n\n", one},
		"NothingFilled":          {inventory(lot("4", "")), importers.PartsList{Total: 4, Lots: 1}},
		"FilledIsEmpty":          {inventory("<ITEM><MINQTY>4</MINQTY><QTYFILLED/></ITEM>"), importers.PartsList{Total: 4, Lots: 1}},
		"OverFilledCountsOnce":   {inventory(lot("4", "9"), lot("2", "1")), importers.PartsList{Total: 6, Owned: 5, Lots: 2}},
		"NoneWanted":             {inventory(lot("0", "3"), lot("4", "1")), importers.PartsList{Total: 4, Owned: 1, Lots: 2}},
		"UnlimitedIsLeftOut":     {inventory(lot("-1", "7"), lot("4", "1")), importers.PartsList{Total: 4, Owned: 1, Lots: 2, Unlimited: 1}},
		"AllUnlimited":           {inventory(lot("-1", "")), importers.PartsList{Lots: 1, Unlimited: 1}},
		"SamePartTwice":          {inventory(lot("4", "1"), lot("4", "1")), importers.PartsList{Total: 8, Owned: 2, Lots: 2}},
		"MostPartsThereMayBe":    {inventory(lot("999999", "999999"), lot("1", "")), importers.PartsList{Total: 1_000_000, Owned: 999_999, Lots: 2}},
		"UnknownElementsIgnored": {inventory("<META><MINQTY>50</MINQTY></META>", "<ITEM><X><MINQTY>50</MINQTY></X><MINQTY>4</MINQTY><QTYFILLED>1</QTYFILLED></ITEM>"), one},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := importers.BrickLinkWantedList(strings.NewReader(test.file))
			require.NoError(t, err)
			require.Equal(t, test.want, got)
		})
	}
}

func TestBrickLinkWantedList_BrokenRow(t *testing.T) {
	t.Parallel()
	good := lot("4", "1") // ten lines
	for name, test := range map[string]struct {
		file string
		want importers.RowError
	}{
		"NoMinQty":          {inventory(good, "<ITEM>\n<ITEMID>3005</ITEMID>\n</ITEM>"), importers.RowError{Line: 12, Row: 2, Reason: "MINQTY, the wanted quantity, is missing"}},
		"EmptyMinQty":       {inventory("<ITEM>\n<MINQTY/>\n</ITEM>"), importers.RowError{Line: 2, Row: 1, Reason: "MINQTY, the wanted quantity, is missing"}},
		"NotAWantedList":    {inventory("<ITEM>\n<QTY>3</QTY>\n</ITEM>"), importers.RowError{Line: 2, Row: 1, Reason: "there is QTY but no MINQTY"}},
		"NotANumber":        {inventory(good, lot("four", "")), importers.RowError{Line: 17, Row: 2, Reason: `MINQTY "four" is not a whole number`}},
		"Fraction":          {inventory(lot("4.5", "")), importers.RowError{Line: 7, Row: 1, Reason: `MINQTY "4.5" is not a whole number`}},
		"ControlsAreQuoted": {inventory(lot("4\n5", "")), importers.RowError{Line: 7, Row: 1, Reason: `MINQTY "4\n5" is not a whole number`}},
		"Negative":          {inventory(lot("-2", "")), importers.RowError{Line: 7, Row: 1, Reason: "MINQTY -2 is negative"}},
		"OutOfRange":        {inventory(lot("99999999999999999999", "")), importers.RowError{Line: 7, Row: 1, Reason: `MINQTY "99999999999999999999" is out of range`}},
		"LargestInteger":    {inventory(good, lot("9223372036854775807", "")), importers.RowError{Line: 17, Row: 2, Reason: "MINQTY 9223372036854775807 makes more than 1000000 parts in all"}},
		"TooManyInAll":      {inventory(lot("1000000", ""), lot("1", "")), importers.RowError{Line: 16, Row: 2, Reason: "MINQTY 1 makes more than 1000000 parts in all"}},
		"GivenTwice":        {inventory("<ITEM>\n<MINQTY>1</MINQTY>\n<MINQTY>2</MINQTY>\n</ITEM>"), importers.RowError{Line: 4, Row: 1, Reason: "MINQTY is given more than once"}},
		"FilledNotANumber":  {inventory(good, lot("4", "some")), importers.RowError{Line: 18, Row: 2, Reason: `QTYFILLED "some" is not a whole number`}},
		"FilledNegative":    {inventory(good, lot("4", "-1")), importers.RowError{Line: 18, Row: 2, Reason: "QTYFILLED -1 is negative"}},
		"FilledOfUnlimited": {inventory(lot("-1", "-1")), importers.RowError{Line: 8, Row: 1, Reason: "QTYFILLED -1 is negative"}},
		"LongValueIsCut":    {inventory(lot(strings.Repeat("x", 5000), "")), importers.RowError{Line: 7, Row: 1, Reason: `MINQTY "` + strings.Repeat("x", 40) + `…" is not a whole number`}},
		"CutOffInItem":      {"<INVENTORY>\n" + good + "\n<ITEM>\n<MINQTY>4</MIN", importers.RowError{Line: 13, Row: 2, Reason: "the XML is broken here"}},
		"CutOffBetween":     {"<INVENTORY>\n" + good + "\n", importers.RowError{Line: 12, Reason: "the XML is broken here"}},
		"CutOffAfterRoot":   {"<INVENTORY>", importers.RowError{Line: 1, Reason: "the XML is broken here"}},
		"WrongClosingTag":   {"<INVENTORY>\n<ITEM>\n<MINQTY>4</MINQTTY>\n</ITEM></INVENTORY>", importers.RowError{Line: 3, Row: 1, Reason: "the XML is broken here"}},
		"NotUTF8":           {inventory("<ITEM>\n<REMARKS>gr\xfcn</REMARKS><MINQTY>1</MINQTY>\n</ITEM>"), importers.RowError{Line: 3, Row: 1, Reason: "the XML is broken here"}},
		"TextAfterTheEnd":   {inventory(good) + "and more", importers.RowError{Line: 13, Reason: "there is more after the end of the list"}},
		"SecondList":        {inventory(good) + inventory(good), importers.RowError{Line: 13, Reason: "there is more after the end of the list"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := importers.BrickLinkWantedList(strings.NewReader(test.file))
			var rowErr *importers.RowError
			require.ErrorAs(t, err, &rowErr)
			require.Contains(t, rowErr.Reason, test.want.Reason)
			require.Equal(t, [2]int{test.want.Line, test.want.Row}, [2]int{rowErr.Line, rowErr.Row})
			require.Zero(t, got)
		})
	}
}

func TestBrickLinkWantedList_WrongFile(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ file, reason string }{
		"Empty":          {"", "the file is empty"},
		"BlankOnly":      {" \n\n", "this is not an XML file"},
		"CommentOnly":    {"<!-- nothing -->", "the file holds no wanted list"},
		"NoItems":        {inventory(), "the wanted list is empty"},
		"NoItemsInside":  {"<INVENTORY/>", "the wanted list is empty"},
		"WebPage":        {"<!DOCTYPE html>\n<html lang=en><body>Please sign in</body>", "this is a web page"},
		"XHTMLPage":      {`<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"/>`, `its outermost element is "html"`},
		"Orders":         {"<ORDERS><ORDER/></ORDERS>", `its outermost element is "ORDERS"`},
		"Table":          {"Part,Color,Quantity\n3005,11,4\n", "this is not an XML file"},
		"LDrawModel":     {"0 FILE castle.ldr\n1 16 0 0 0 1 0 0 0 1 0 0 0 1 3005.dat\n", "this is an LDraw model"},
		"StudioModel":    {"PK\x03\x04\x14\x00", "BrickLink Studio file (.io)"},
		"OtherCharset":   {`<?xml version="1.0" encoding="ISO-8859-1"?>` + inventory(lot("4", "")), `the file is in "ISO-8859-1": save it as UTF-8`},
		"UTF16":          {"\xff\xfe<\x00I\x00", "UTF-16: save it as UTF-8"},
		"UTF16BigEndian": {"\xfe\xff\x00<\x00I", "UTF-16: save it as UTF-8"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := importers.BrickLinkWantedList(strings.NewReader(test.file))
			var fileErr *importers.FileError
			require.ErrorAs(t, err, &fileErr)
			require.ErrorContains(t, err, test.reason)
		})
	}
}

func TestBrickLinkWantedList_SumsOfAnyList(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var want importers.PartsList
		var items []string
		for range rapid.IntRange(1, 40).Draw(t, "lots") {
			minQty := rapid.IntRange(-1, 20_000).Draw(t, "MINQTY")
			filled := rapid.IntRange(0, 30_000).Draw(t, "QTYFILLED")
			want.Lots++
			if minQty < 0 {
				want.Unlimited++
			} else {
				want.Total += minQty
				want.Owned += min(minQty, filled)
			}
			items = append(items, lot(fmt.Sprint(minQty), map[bool]string{true: fmt.Sprint(filled)}[filled > 0]))
		}
		got, err := importers.BrickLinkWantedList(strings.NewReader(inventory(items...)))
		require.NoError(t, err)
		require.Equal(t, want, got)
	})
}
