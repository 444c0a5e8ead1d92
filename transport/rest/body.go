package rest

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/gin-gonic/gin"
)

// readBody reads the request's body into a T, a type of the contract, and returns the bytes too.
func readBody[T any](a *api, c *gin.Context) (body T, raw []byte, err error) {
	if raw, err = a.readRaw(c); err != nil {
		return body, nil, err
	}
	if err = wellFormed(raw); err != nil {
		return body, nil, err
	}
	body, err = decode[T](raw)
	return body, raw, err
}

func (a *api) readRaw(c *gin.Context) ([]byte, error) {
	r := c.Request
	if r.ContentLength > a.MaxBody {
		drain(r.Body)
		return nil, errTooLarge
	}
	raw, err := io.ReadAll(http.MaxBytesReader(c.Writer, r.Body, a.MaxBody))
	switch tooLarge := (*http.MaxBytesError)(nil); {
	case errors.As(err, &tooLarge):
		drain(r.Body)
		return nil, errTooLarge
	case err != nil || r.Context().Err() != nil: // a body that came too slowly leaves no time to serve it
		return nil, badRequest("the body could not be read in time")
	case len(raw) == 0:
		return nil, badRequest("the body is empty")
	case !isPlainJSON(r.Header):
		return nil, errMediaType
	}
	return raw, nil
}

// drain reads on for a while: a client that sends all before it reads would find its connection reset instead of the
// answer.
func drain(body io.Reader) {
	const patience = 256 << 10
	_, _ = io.CopyN(io.Discard, body, patience)
}

func isPlainJSON(h http.Header) bool {
	if encoding := h.Get("Content-Encoding"); encoding != "" && !strings.EqualFold(encoding, "identity") {
		return false
	}
	mediaType, params, err := mime.ParseMediaType(h.Get("Content-Type"))
	if err != nil || mediaType != mediaJSON {
		return false
	}
	charset, given := params["charset"]
	return len(params) == 0 || len(params) == 1 && given && strings.EqualFold(charset, "utf-8")
}

// wellFormed checks what encoding/json would pass over: it puts U+FFFD in the place of bytes that are not UTF-8 and of
// halves of surrogate pairs.
func wellFormed(raw []byte) error {
	switch {
	case !utf8.Valid(raw):
		return badRequest("the body is not UTF-8")
	case !json.Valid(raw):
		return badRequest("the body is not one JSON value")
	case bytes.TrimLeft(raw, " \t\r\n")[0] != '{':
		return badRequest("the body must be a JSON object")
	case hasHalfSurrogate(raw):
		return badRequest(`the body has an escape such as \ud800 that is half of a character`)
	}
	return nil
}

// hasHalfSurrogate looks for escapes in JSON that is valid, where a backslash stands in strings only.
func hasHalfSurrogate(raw []byte) bool {
	for rest := raw; ; {
		at := bytes.IndexByte(rest, '\\')
		if at < 0 {
			return false
		}
		rest = rest[at:]
		switch unit := escapedUnit(rest); {
		case unit < 0:
			rest = rest[2:]
		case unit>>10 == 0xD800>>10 && escapedUnit(rest[6:])>>10 == 0xDC00>>10:
			rest = rest[12:]
		case unit>>11 == 0xD800>>11:
			return true
		default:
			rest = rest[6:]
		}
	}
}

// escapedUnit is the UTF-16 code unit of the \uXXXX that s begins with, or -1.
func escapedUnit(s []byte) int {
	if len(s) < 6 || s[0] != '\\' || s[1] != 'u' {
		return -1
	}
	unit, err := strconv.ParseUint(string(s[2:6]), 16, 16)
	if err != nil {
		return -1
	}
	return int(unit)
}
