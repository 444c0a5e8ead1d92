package importers

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
)

const (
	insteadOfModel = ": add the model's parts to a wanted list at BrickLink, download that list as XML and import it"
	cutOff         = "was the file cut off or edited? Download it again"
)

// PartsList is what a file says of the parts of a MOC.
type PartsList struct {
	Total     int // parts, 0..domain.MaxParts
	Owned     int // of them, 0..Total
	Lots      int // items in the file, at least one
	Unlimited int // of them, those without an upper limit (MINQTY -1), which count neither as Total nor as Owned
}

// BrickLinkWantedList reads a wanted list as BrickLink's download, or an upload made for BrickLink, has it:
// <INVENTORY> with an <ITEM> for each lot, in UTF-8. Total is the sum of MINQTY, Owned of min(QTYFILLED, MINQTY). An
// item without QTYFILLED is not filled; one without MINQTY is broken. Unknown elements are ignored. A list without any
// item is refused: it would make a MOC's counts zero where most likely the wrong list was downloaded.
func BrickLinkWantedList(r io.Reader) (PartsList, error) {
	text, err := textOf(r, "this is a zip archive or a BrickLink Studio file (.io), which cannot be read"+insteadOfModel)
	if err != nil {
		return PartsList{}, err
	}
	start, err := head(text)
	if err != nil {
		return PartsList{}, err
	}
	switch start = bytes.TrimSpace(start); {
	case bytes.HasPrefix(start, []byte("0 ")):
		return PartsList{}, &FileError{Reason: "this is an LDraw model, not a parts list" + insteadOfModel}
	case isWebPage(start):
		return PartsList{}, &FileError{Reason: "this is a web page, not a wanted list: were you signed in at BrickLink when you saved it?"}
	case !bytes.HasPrefix(start, []byte("<")):
		return PartsList{}, &FileError{Reason: "this is not an XML file" + insteadOfModel}
	}
	decoder := xml.NewDecoder(text)
	decoder.CharsetReader = func(charset string, _ io.Reader) (io.Reader, error) {
		return nil, &FileError{Reason: fmt.Sprintf("the file is in %s: save it as UTF-8", quote(charset))}
	}
	return readInventory(decoder)
}

func isWebPage(start []byte) bool {
	start = bytes.ToLower(start)
	return bytes.HasPrefix(start, []byte("<!doctype html")) || bytes.HasPrefix(start, []byte("<html"))
}

func readInventory(d *xml.Decoder) (PartsList, error) {
	if err := enterInventory(d); err != nil {
		return PartsList{}, err
	}
	var list PartsList
	for {
		token, err := d.Token()
		if err != nil {
			return PartsList{}, xmlError(d, 0, err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			if err := list.read(d, token); err != nil {
				return PartsList{}, err
			}
		case xml.EndElement:
			if list.Lots == 0 {
				return PartsList{}, &FileError{Reason: "the wanted list is empty: is it the right one?"}
			}
			if err := leaveInventory(d); err != nil {
				return PartsList{}, err
			}
			return list, nil
		}
	}
}

// read takes an element of the inventory to its end.
func (l *PartsList) read(d *xml.Decoder, start xml.StartElement) error {
	if start.Name.Local != "ITEM" {
		if err := d.Skip(); err != nil {
			return xmlError(d, 0, err)
		}
		return nil
	}
	var it item
	it.line, _ = d.InputPos()
	l.Lots++
	if err := d.DecodeElement(&it, &start); err != nil {
		return xmlError(d, l.Lots, err)
	}
	return l.add(it)
}

func enterInventory(d *xml.Decoder) error {
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return &FileError{Reason: "the file holds no wanted list: " + cutOff}
		}
		if err != nil {
			return xmlError(d, 0, err)
		}
		if root, ok := token.(xml.StartElement); ok {
			if root.Name.Local == "INVENTORY" {
				return nil
			}
			return &FileError{Reason: fmt.Sprintf("this is not a BrickLink wanted list: its outermost element is %s, not INVENTORY",
				quote(root.Name.Local))}
		}
	}
}

// leaveInventory refuses what follows the list: two files in one, of which only the first would count.
func leaveInventory(d *xml.Decoder) error {
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return xmlError(d, 0, err)
		}
		text, isText := token.(xml.CharData)
		_, isElement := token.(xml.StartElement)
		if isElement || isText && len(bytes.TrimSpace(text)) > 0 {
			line, _ := d.InputPos()
			return &RowError{Line: line, Reason: "there is more after the end of the list (</INVENTORY>)"}
		}
	}
}

func xmlError(d *xml.Decoder, row int, err error) error {
	var syntax *xml.SyntaxError
	if errors.As(err, &syntax) {
		return &RowError{Line: syntax.Line, Row: row, Reason: fmt.Sprintf("the XML is broken here (%s); %s", syntax.Msg, cutOff)}
	}
	line, _ := d.InputPos()
	return readError(fmt.Sprintf("read wanted list, line %d", line), err)
}
