package importers

import (
	"encoding/xml"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/brickboard/brickboard/domain"
)

// unlimited as MINQTY wants as many as there are.
const unlimited = -1

// item is what counts of a lot; everything else in it is skipped.
type item struct {
	line      int
	MinQty    quantity `xml:"MINQTY"`
	QtyFilled quantity `xml:"QTYFILLED"`
	Qty       quantity `xml:"QTY"`
}

// quantity is one of an item's numbers as it stands in the file.
type quantity struct {
	text  string
	line  int
	times int
}

// UnmarshalXML keeps the line beside the text.
func (q *quantity) UnmarshalXML(d *xml.Decoder, start xml.StartElement) error {
	q.times++
	q.line, _ = d.InputPos()
	q.text = ""
	err := d.DecodeElement(&q.text, &start)
	q.text = strings.TrimSpace(q.text)
	return err
}

// add counts an item, which is the list's latest row.
func (l *PartsList) add(it item) error {
	wanted, err := l.wanted(it)
	if err != nil {
		return err
	}
	filled, err := l.filled(it)
	if err != nil {
		return err
	}
	if wanted == unlimited {
		l.Unlimited++
		return nil
	}
	if wanted > domain.MaxParts-l.Total {
		return l.broken(it.MinQty.line, "MINQTY %d makes more than %d parts in all, the most that a MOC may have", wanted, domain.MaxParts)
	}
	l.Total += wanted
	l.Owned += min(wanted, filled)
	return nil
}

func (l *PartsList) wanted(it item) (int, error) {
	switch {
	case it.MinQty.text == "" && it.Qty.times > 0:
		return 0, l.broken(it.line, "there is QTY but no MINQTY: this is an inventory, not a wanted list"+insteadOfModel)
	case it.MinQty.text == "":
		return 0, l.broken(it.line, "MINQTY, the wanted quantity, is missing")
	}
	return l.number("MINQTY", it.MinQty, unlimited)
}

func (l *PartsList) filled(it item) (int, error) {
	if it.QtyFilled.text == "" {
		return 0, nil
	}
	return l.number("QTYFILLED", it.QtyFilled, 0)
}

func (l *PartsList) number(name string, q quantity, least int) (int, error) {
	if q.times > 1 {
		return 0, l.broken(q.line, "%s is given more than once", name)
	}
	n, err := strconv.Atoi(q.text)
	switch {
	case errors.Is(err, strconv.ErrRange):
		return 0, l.broken(q.line, "%s %s is out of range", name, quote(q.text))
	case err != nil:
		return 0, l.broken(q.line, "%s %s is not a whole number", name, quote(q.text))
	case n < least:
		return 0, l.broken(q.line, "%s %d is negative", name, n)
	}
	return n, nil
}

func (l *PartsList) broken(line int, format string, args ...any) error {
	return &RowError{Line: line, Row: l.Lots, Reason: fmt.Sprintf(format, args...)}
}
