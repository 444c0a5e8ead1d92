package importers

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/brickboard/brickboard/domain"
)

// The columns that are read, as Brickset's header names them; capitals do not matter.
const (
	numberColumn   = "Number"
	themeColumn    = "Theme"
	nameColumn     = "Set name"
	quantityColumn = "Qty owned"
)

func columnNames() []string {
	return []string{numberColumn, themeColumn, nameColumn, quantityColumn}
}

// findColumns says where each column that is read stands.
func findColumns(header []string) (map[string]int, error) {
	columns := map[string]int{}
	for _, name := range columnNames() {
		same := func(title string) bool { return strings.EqualFold(strings.TrimSpace(title), name) }
		at := slices.IndexFunc(header, same)
		if at < 0 {
			return nil, &FileError{Reason: fmt.Sprintf("the first line names no column %q, but %s", name,
				quote(strings.Join(header, ","))) + insteadOfTable}
		}
		if slices.ContainsFunc(header[at+1:], same) {
			return nil, &FileError{Reason: fmt.Sprintf("the first line names the column %q twice", name)}
		}
		columns[name] = at
	}
	return columns, nil
}

// row is one data row, valid until the next is read.
type row struct {
	table   *csv.Reader
	number  int
	record  []string
	columns map[string]int
}

// draft is what the row says of a set, checked by the domain's rules; a quantity of 0 leaves the rest unchecked.
func (r row) draft() (domain.SetDraft, error) {
	for _, name := range columnNames() {
		if r.columns[name] >= len(r.record) {
			return domain.SetDraft{}, r.broken(numberColumn, "the row ends before the column %q", name)
		}
	}
	quantity, err := strconv.Atoi(r.value(quantityColumn))
	if err != nil {
		return domain.SetDraft{}, r.broken(quantityColumn, "%s is %s, which is not a whole number from 0 to %d",
			quantityColumn, quote(r.value(quantityColumn)), domain.MaxQuantity)
	}
	draft := domain.SetDraft{
		Number: r.value(numberColumn), Name: r.value(nameColumn), Theme: r.value(themeColumn), Quantity: quantity,
	}
	if quantity == 0 {
		return draft, nil
	}
	return draft, r.check(draft)
}

// check asks the domain, and gives its answer in the words of the file. Collector, id and time do not matter here.
func (r row) check(draft domain.SetDraft) error {
	_, err := domain.NewSet("", uuid.Nil, draft, time.Time{})
	var invalid *domain.Error
	if !errors.As(err, &invalid) {
		return err
	}
	reasons := make([]string, len(invalid.Fields))
	for i, field := range invalid.Fields {
		reasons[i] = columnOf(field.Field) + " " + field.Message
	}
	return r.broken(columnOf(invalid.Fields[0].Field), "%s", strings.Join(reasons, "; "))
}

func (r row) value(column string) string {
	return strings.TrimSpace(r.record[r.columns[column]])
}

// broken names the line of the value, which is not the row's first where quoted values have line breaks.
func (r row) broken(column, format string, args ...any) error {
	line, _ := r.table.FieldPos(min(r.columns[column], len(r.record)-1))
	return &RowError{Line: line, Row: r.number, Reason: fmt.Sprintf(format, args...)}
}

// columnOf is the column that a field of the domain is read from.
func columnOf(field string) string {
	switch field {
	case "setNumber":
		return numberColumn
	case "name":
		return nameColumn
	case "theme":
		return themeColumn
	default:
		return quantityColumn
	}
}

func isBlank(record []string) bool {
	return !slices.ContainsFunc(record, func(value string) bool { return strings.TrimSpace(value) != "" })
}

func csvError(row int, err error) error {
	var parse *csv.ParseError
	switch {
	case errors.Is(err, io.EOF):
		return &FileError{Reason: "the file is empty"}
	case errors.As(err, &parse):
		return &RowError{Line: parse.StartLine, Row: row, Reason: "the quotation marks do not pair up, here or further on"}
	}
	return readError("read sets", err)
}
