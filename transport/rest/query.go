package rest

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"github.com/brickboard/brickboard/domain"
	"github.com/brickboard/brickboard/domain/command"
)

const (
	defaultLimit = 50
	maxLimit     = 200
	maxSearch    = 200 // code points
)

// pathValue is a variable of the path, or "" where it is not well escaped.
func pathValue(c *gin.Context, name string) string {
	value, _ := url.PathUnescape(c.Param(name))
	return value
}

// pathID is the id in the path, or missing: what is not an id in its one spelling names nothing.
func pathID(c *gin.Context, missing error) (uuid.UUID, error) {
	text := pathValue(c, "id")
	id, err := uuid.Parse(text)
	if err != nil || id.String() != text {
		return uuid.UUID{}, missing
	}
	return id, nil
}

// query reads the parameters of a list and collects what is wrong with them. It passes over names it does not know.
type query struct {
	values url.Values
	broken []domain.FieldError
}

func newQuery(c *gin.Context) (*query, error) {
	values, err := url.ParseQuery(c.Request.URL.RawQuery)
	if err != nil {
		return nil, badRequest("the query is not well escaped")
	}
	return &query{values: values}, nil
}

func (q *query) err() error {
	if len(q.broken) == 0 {
		return nil
	}
	return &domain.Error{Kind: domain.Invalid, Msg: "some parameters are not valid", Fields: q.broken}
}

func (q *query) refuse(name, format string, args ...any) {
	q.broken = append(q.broken, domain.FieldError{Field: name, Message: fmt.Sprintf(format, args...)})
}

// one is the parameter's value; given says whether there is one.
func (q *query) one(name string) (value string, given bool) {
	values := q.values[name]
	if len(values) > 1 {
		q.refuse(name, "must not be there twice")
		return "", false
	}
	if len(values) == 0 {
		return "", false
	}
	return values[0], true
}

// text is a parameter of 1 to most code points without control characters, or nil.
func (q *query) text(name string, most int) *string {
	value, given := q.one(name)
	switch {
	case !given:
		return nil
	case !utf8.ValidString(value), strings.ContainsFunc(value, unicode.IsControl):
		q.refuse(name, "must be UTF-8 without control characters")
		return nil
	case value == "" || utf8.RuneCountInString(value) > most:
		q.refuse(name, "must have 1 to %d characters", most)
		return nil
	}
	return &value
}

// oneOf is a parameter that is one of the words, or nil.
func oneOf[T ~string](q *query, name string, words ...T) *T {
	value, given := q.one(name)
	if !given {
		return nil
	}
	word := T(value)
	if !slices.Contains(words, word) {
		q.refuse(name, "must be one of %v", words)
		return nil
	}
	return &word
}

func (q *query) page() command.Page {
	page := command.Page{Limit: defaultLimit}
	if value, given := q.one("limit"); given {
		limit, err := strconv.Atoi(value)
		if err != nil || limit < 1 || limit > maxLimit {
			q.refuse("limit", "must be a whole number from 1 to %d", maxLimit)
		}
		page.Limit = limit
	}
	if value, given := q.one("cursor"); given {
		after, ok := parseCursor(value)
		if !ok {
			q.refuse("cursor", "must be the nextCursor of a page")
		}
		page.After = &after
	}
	return page
}
