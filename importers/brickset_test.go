package importers_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/brickboard/brickboard/domain"
	"github.com/brickboard/brickboard/importers"
)

const bricksetHeader = "Number,Theme,Subtheme,Year,Set name,Qty owned,Exit date\n"

func owned(number, name, theme string, quantity int) domain.SetDraft {
	return domain.SetDraft{Number: number, Name: name, Theme: theme, Quantity: quantity}
}

func TestBricksetSets_Reads(t *testing.T) {
	t.Parallel()
	const row = `"6080-1","Castle","Lion Knights",1984,"King's Castle",1,""` + "\n"
	castle := owned("6080-1", "King's Castle", "Castle", 1)
	for name, test := range map[string]struct {
		file string
		want importers.SetList
	}{
		"OneRow":                 {bricksetHeader + row, importers.SetList{Sets: []domain.SetDraft{castle}}},
		"ByteOrderMark":          {"\ufeff" + bricksetHeader + row, importers.SetList{Sets: []domain.SetDraft{castle}}},
		"CRLF":                   {strings.ReplaceAll(bricksetHeader+row, "\n", "\r\n"), importers.SetList{Sets: []domain.SetDraft{castle}}},
		"NoLineBreakAtTheEnd":    {bricksetHeader + strings.TrimSpace(row), importers.SetList{Sets: []domain.SetDraft{castle}}},
		"BlankLines":             {"\n" + bricksetHeader + "\n" + row + "\n \n,,,\n\n\n", importers.SetList{Sets: []domain.SetDraft{castle}}},
		"RowLongerThanTheHeader": {bricksetHeader + strings.TrimSpace(row) + ",,more\n", importers.SetList{Sets: []domain.SetDraft{castle}}},
		"OtherOrderAndCase":      {"qty owned, Set Name ,NUMBER,Theme\n1,King's Castle,6080-1,Castle\n", importers.SetList{Sets: []domain.SetDraft{castle}}},
		"RowEndsAfterTheLast":    {bricksetHeader + "6080-1,Castle,,,King's Castle,1\n", importers.SetList{Sets: []domain.SetDraft{castle}}},
		"BlanksAroundValues":     {bricksetHeader + "\" 6080-1\",Castle ,,,\tKing's Castle, 1 ,\n", importers.SetList{Sets: []domain.SetDraft{castle}}},
		"QuotedCommaQuoteAndUnicode": {bricksetHeader + `9-1,Ideas,,,"A ""small"", grüne Bonsai 盆栽",2,` + "\n",
			importers.SetList{Sets: []domain.SetDraft{owned("9-1", `A "small", grüne Bonsai 盆栽`, "Ideas", 2)}}},
		"RepeatedNumbersAreSummed": {bricksetHeader + row + "6074-1,Castle,,,Black Falcon's Fortress,3,\n" + "6080-1,Knights,,,Another name,2,\n",
			importers.SetList{Sets: []domain.SetDraft{owned("6080-1", "King's Castle", "Castle", 3), owned("6074-1", "Black Falcon's Fortress", "Castle", 3)}}},
		"NotOwnedIsLeftOut": {bricksetHeader + "6074-1,Castle,,,Black Falcon's Fortress,0,\n" + row,
			importers.SetList{Sets: []domain.SetDraft{owned("6080-1", "King's Castle", "Castle", 1)}, NotOwned: 1}},
		"NoneOwned":  {bricksetHeader + "6074-1,Castle,,,Black Falcon's Fortress,0,\n", importers.SetList{NotOwned: 1}},
		"LongFields": {bricksetHeader + line(strings.Repeat("9", 64), strings.Repeat("ö", 80), strings.Repeat("盆", 200), "9999"), importers.SetList{Sets: []domain.SetDraft{owned(strings.Repeat("9", 64), strings.Repeat("盆", 200), strings.Repeat("ö", 80), 9999)}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := importers.BricksetSets(strings.NewReader(test.file))
			require.NoError(t, err)
			require.Equal(t, test.want, got)
		})
	}
}

// line is a row of bricksetHeader.
func line(number, theme, name, quantity string) string {
	return number + "," + theme + ",,1984," + name + "," + quantity + ",\n"
}

func TestBricksetSets_BrokenRow(t *testing.T) {
	t.Parallel()
	good := line("6080-1", "Castle", "King's Castle", "1")
	for name, test := range map[string]struct {
		rows string
		want importers.RowError
	}{
		"NoNumber":            {good + line("", "Castle", "Castle", "1"), importers.RowError{Line: 3, Row: 2, Reason: "Number must not be empty"}},
		"NoTheme":             {line("1-1", " ", "Castle", "1"), importers.RowError{Line: 2, Row: 1, Reason: "Theme must not be empty"}},
		"NoName":              {line("1-1", "Castle", "", "1"), importers.RowError{Line: 2, Row: 1, Reason: "Set name must not be empty"}},
		"TwoReasons":          {line("", "", "Castle", "1"), importers.RowError{Line: 2, Row: 1, Reason: "Number must not be empty; Theme must not be empty"}},
		"NumberTooLong":       {line(strings.Repeat("9", 65), "Castle", "Castle", "1"), importers.RowError{Line: 2, Row: 1, Reason: "Number must have at most 64 characters"}},
		"ThemeTooLong":        {line("1-1", strings.Repeat("ö", 81), "Castle", "1"), importers.RowError{Line: 2, Row: 1, Reason: "Theme must have at most 80 characters"}},
		"NameTooLong":         {line("1-1", "Castle", strings.Repeat("盆", 201), "1"), importers.RowError{Line: 2, Row: 1, Reason: "Set name must have at most 200 characters"}},
		"ControlCharacter":    {line("1-1", "Castle", "King\x07s", "1"), importers.RowError{Line: 2, Row: 1, Reason: "Set name must not contain control characters"}},
		"LineBreakInName":     {line("1-1", "Castle", "\"King\ns\"", "1"), importers.RowError{Line: 2, Row: 1, Reason: "Set name must not contain control characters"}},
		"NotUTF8":             {line("1-1", "Castle", "Ch\xe2teau", "1"), importers.RowError{Line: 2, Row: 1, Reason: "Set name must be valid UTF-8"}},
		"QuantityEmpty":       {line("1-1", "Castle", "Castle", ""), importers.RowError{Line: 2, Row: 1, Reason: `Qty owned is "", which is not a whole number`}},
		"QuantityNotANumber":  {line("1-1", "Castle", "Castle", "two"), importers.RowError{Line: 2, Row: 1, Reason: `Qty owned is "two", which is not a whole number`}},
		"QuantityFraction":    {line("1-1", "Castle", "Castle", "1.5"), importers.RowError{Line: 2, Row: 1, Reason: `Qty owned is "1.5", which is not a whole number`}},
		"QuantityNegative":    {line("1-1", "Castle", "Castle", "-1"), importers.RowError{Line: 2, Row: 1, Reason: "Qty owned must be a whole number from 1 to 9999"}},
		"QuantityTooLarge":    {line("1-1", "Castle", "Castle", "10000"), importers.RowError{Line: 2, Row: 1, Reason: "Qty owned must be a whole number from 1 to 9999"}},
		"QuantityOutOfRange":  {line("1-1", "Castle", "Castle", "99999999999999999999"), importers.RowError{Line: 2, Row: 1, Reason: "which is not a whole number"}},
		"SumTooLarge":         {good + "\n" + line("6080-1", "Castle", "Castle", "9999"), importers.RowError{Line: 4, Row: 2, Reason: `Qty owned makes more than 9999 of set "6080-1" in all`}},
		"TooShort":            {good + "1-1,Castle\n", importers.RowError{Line: 3, Row: 2, Reason: `the row ends before the column "Set name"`}},
		"AfterAQuotedBreak":   {"1-1,Castle,\"a\nb\",1984,Castle,x,\n", importers.RowError{Line: 3, Row: 1, Reason: `Qty owned is "x"`}},
		"QuoteNotClosed":      {good + "1-1,\"Castle,,,Castle,1\n" + good, importers.RowError{Line: 3, Row: 2, Reason: "the quotation marks do not pair up"}},
		"QuoteInsideUnquoted": {good + "1-1,Castle,,,King\"s,1\n", importers.RowError{Line: 3, Row: 2, Reason: "the quotation marks do not pair up"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := importers.BricksetSets(strings.NewReader(bricksetHeader + test.rows))
			var rowErr *importers.RowError
			require.ErrorAs(t, err, &rowErr)
			require.Contains(t, rowErr.Reason, test.want.Reason)
			require.Equal(t, [2]int{test.want.Line, test.want.Row}, [2]int{rowErr.Line, rowErr.Row})
			require.Zero(t, got)
		})
	}
}

func TestBricksetSets_WrongFile(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ file, reason string }{
		"Empty":        {"", "the file is empty"},
		"BlankOnly":    {"\n\n", "the file is empty"},
		"HeaderOnly":   {bricksetHeader + "\n\n,,\n", "a header but no sets"},
		"OtherTable":   {"Part,Color,Quantity\n3005,11,4\n", `the first line names no column "Number", but "Part,Color,Quantity"`},
		"NoHeader":     {line("6080-1", "Castle", "King's Castle", "1"), `names no column "Number"`},
		"Semicolons":   {strings.ReplaceAll(bricksetHeader, ",", ";"), "with commas"},
		"ColumnTwice":  {"Number,Theme,Set name,Qty owned,theme\n", `the column "Theme" twice`},
		"WantedList":   {inventory(lot("4", "")), "this is XML or a web page"},
		"Workbook":     {"PK\x03\x04\x14\x00", "an Excel workbook"},
		"UTF16":        {"\xff\xfeN\x00u\x00", "UTF-16: save it as UTF-8"},
		"MinifigsFile": {"MinifigNumber,MinifigName,OwnedLoose\n", `names no column "Number"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := importers.BricksetSets(strings.NewReader(test.file))
			var fileErr *importers.FileError
			require.ErrorAs(t, err, &fileErr)
			require.ErrorContains(t, err, test.reason)
		})
	}
}

func TestBricksetSets_AnyTable(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		header := rapid.Permutation([]string{"Number", "Theme", "Subtheme", "Set name", "Qty owned", "Notes"}).Draw(t, "header")
		text := rapid.StringMatching(`[A-Za-zäÉ盆,"' ]{0,20}[a-z]`)
		var want importers.SetList
		var file bytes.Buffer
		table := csv.NewWriter(&file)
		table.UseCRLF = rapid.Bool().Draw(t, "CRLF")
		require.NoError(t, table.Write(header))
		for row := range rapid.IntRange(1, 30).Draw(t, "rows") {
			set := owned(fmt.Sprintf("%d-1", 100+row), strings.TrimSpace(text.Draw(t, "name")), strings.TrimSpace(text.Draw(t, "theme")), rapid.IntRange(1, 9_999).Draw(t, "quantity"))
			want.Sets = append(want.Sets, set)
			values := map[string]string{"Number": set.Number, "Theme": set.Theme, "Set name": set.Name, "Qty owned": fmt.Sprint(set.Quantity), "Notes": text.Draw(t, "notes")}
			var record []string
			for _, column := range header {
				record = append(record, values[column])
			}
			require.NoError(t, table.Write(append(record, make([]string, rapid.IntRange(0, 3).Draw(t, "more"))...)))
		}
		table.Flush()
		got, err := importers.BricksetSets(&file)
		require.NoError(t, err)
		require.Equal(t, want, got)
	})
}
