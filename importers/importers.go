// Package importers reads the files in which other sites give collectors their own data, and turns them into counts
// and names that the commands understand.
//
// It is pure: a parser reads to the end of its reader, keeps nothing, and knows no database and no clock. A file is
// taken whole or not at all: the first thing wrong in it ends the parsing, and what was read until then is not given.
// What is wrong with a file is a *FileError or a *RowError, in words for the collector; any other error is the reader's,
// or means XML that encoding/xml does not know, such as version 1.1. Files may be gzipped and may begin with a UTF-8
// byte order mark. Above 8 MiB of text, some 50,000 lots or 30,000 sets, they are refused: so memory is bounded,
// whatever is given.
package importers

import (
	"errors"
	"fmt"
	"unicode/utf8"
)

// RowError says which row of a file is broken and why.
type RowError struct {
	Line   int    // in the file, from 1
	Row    int    // of the items or data rows, from 1; blank lines and the header do not count; 0: outside of any row
	Reason string // for the collector
}

func (e *RowError) Error() string {
	if e.Row == 0 {
		return fmt.Sprintf("line %d: %s", e.Line, e.Reason)
	}
	return fmt.Sprintf("line %d (row %d): %s", e.Line, e.Row, e.Reason)
}

// FileError says why a file as a whole is not what the parser reads, and what to give it instead.
type FileError struct {
	Reason string // for the collector
}

func (e *FileError) Error() string { return e.Reason }

// readError leaves what is wrong with the file as it is, and names the step of any other failure.
func readError(step string, err error) error {
	var fileErr *FileError
	if errors.As(err, &fileErr) {
		return fileErr
	}
	return fmt.Errorf("%s: %w", step, err)
}

// quote makes a value from a file fit for a message: on one line, without control characters, not endless.
func quote(value string) string {
	const most = 40
	if utf8.RuneCountInString(value) > most {
		value = string([]rune(value)[:most]) + "…"
	}
	return fmt.Sprintf("%q", value)
}
