package domain

import (
	"fmt"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The bounds of text, in code points.
const (
	MaxTitle     = 200
	MaxTheme     = 80
	MaxURL       = 2048
	MaxSetNumber = 64
	MaxSetName   = 200
	MaxReference = 200
)

// rules collects the broken rules of one command, so that one answer names them all.
type rules []FieldError

func (r *rules) broken(field, format string, args ...any) {
	*r = append(*r, FieldError{Field: field, Message: fmt.Sprintf(format, args...)})
}

// text checks 1 to most code points of valid UTF-8 that are not all blank, without control characters (Unicode's Cc).
func (r *rules) text(field, value string, most int) {
	switch {
	case !utf8.ValidString(value):
		r.broken(field, "must be valid UTF-8")
	case strings.TrimSpace(value) == "":
		r.broken(field, "must not be empty")
	case utf8.RuneCountInString(value) > most:
		r.broken(field, "must have at most %d characters", most)
	case strings.ContainsFunc(value, unicode.IsControl):
		r.broken(field, "must not contain control characters")
	}
}

func (r *rules) optionalText(field string, value *string, most int) {
	if value != nil {
		r.text(field, *value, most)
	}
}

// webURL checks an absolute http or https address with a host; nil is none.
func (r *rules) webURL(field string, value *string) {
	if value == nil {
		return
	}
	before := len(*r)
	r.text(field, *value, MaxURL)
	if len(*r) > before {
		return
	}
	u, err := url.Parse(*value)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Hostname() == "" || strings.ContainsFunc(*value, unicode.IsSpace) {
		r.broken(field, "must be an http or https address, such as https://example.org/cover.jpg")
	}
}

func (r *rules) count(field string, value, least, most int) {
	if value < least || value > most {
		r.broken(field, "must be a whole number from %d to %d", least, most)
	}
}
