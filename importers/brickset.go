package importers

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"

	"github.com/brickboard/brickboard/domain"
)

const insteadOfTable = `: export "my sets" from Brickset as CSV, with commas and in UTF-8, and import that`

// SetList is what a file says of the sets that a collector owns.
type SetList struct {
	Sets     []domain.SetDraft // in the file's order, each number once; they keep the domain's rules
	NotOwned int               // rows left out because their quantity is 0: sets that are only wanted, or were given away
}

// BricksetSets reads Brickset's "my sets" as CSV: columns Number, Theme, Set name and Qty owned, wherever they stand
// and whatever stands between them. The quantities of a number that repeats are summed; its first row gives name and
// theme. Blanks around a value are not part of it. Blank rows, and columns beyond the header's, are passed over. A
// file without any row of data is refused.
func BricksetSets(r io.Reader) (SetList, error) {
	text, err := textOf(r, "this is a zip archive or an Excel workbook, which cannot be read"+insteadOfTable)
	if err != nil {
		return SetList{}, err
	}
	start, err := head(text)
	if err != nil {
		return SetList{}, err
	}
	if bytes.HasPrefix(bytes.TrimSpace(start), []byte("<")) {
		return SetList{}, &FileError{Reason: "this is XML or a web page, not a table" + insteadOfTable}
	}
	table := csv.NewReader(text)
	table.FieldsPerRecord = -1
	table.ReuseRecord = true
	return readSets(table)
}

func readSets(table *csv.Reader) (SetList, error) {
	header, err := table.Read()
	if err != nil {
		return SetList{}, csvError(0, err)
	}
	columns, err := findColumns(header)
	if err != nil {
		return SetList{}, err
	}
	var list SetList
	known := map[string]int{} // where in list.Sets a number is
	rows := 0
	for {
		record, err := table.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return SetList{}, csvError(rows+1, err)
		}
		if isBlank(record) {
			continue
		}
		rows++
		if err := list.add(known, row{table: table, number: rows, record: record, columns: columns}); err != nil {
			return SetList{}, err
		}
	}
	if rows == 0 {
		return SetList{}, &FileError{Reason: "the file has a header but no sets: is it the right one?"}
	}
	return list, nil
}

// add takes a row into the list: as a set of its own, as more of a known one, or as one left out.
func (l *SetList) add(known map[string]int, r row) error {
	draft, err := r.draft()
	if err != nil {
		return err
	}
	if draft.Quantity == 0 {
		l.NotOwned++
		return nil
	}
	at, repeated := known[draft.Number]
	if !repeated {
		known[draft.Number] = len(l.Sets)
		l.Sets = append(l.Sets, draft)
		return nil
	}
	if l.Sets[at].Quantity += draft.Quantity; l.Sets[at].Quantity > domain.MaxQuantity {
		return r.broken(quantityColumn, quantityColumn+" makes more than %d of set %s in all", domain.MaxQuantity, quote(draft.Number))
	}
	return nil
}
