package domain

import (
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"
)

// CollectorID names a collector: the `sub` of the token, 1 to 255 bytes of UTF-8 without control characters.
// It is compared byte by byte.
type CollectorID string

// MaxCollectorID is in bytes.
const MaxCollectorID = 255

// ParseCollectorID checks the bounds of an id that came from outside.
func ParseCollectorID(s string) (CollectorID, error) {
	if s == "" || len(s) > MaxCollectorID || !utf8.ValidString(s) || strings.ContainsFunc(s, unicode.IsControl) {
		return "", errors.New("a collector's id has 1 to 255 bytes of UTF-8 without control characters")
	}
	return CollectorID(s), nil
}
