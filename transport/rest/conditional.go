package rest

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"github.com/brickboard/brickboard/domain/command"
)

// entityTag is one tag of a list: W/"opaque" or "opaque", the quotes kept.
type entityTag struct {
	opaque string
	weak   bool
}

// cutTag takes the first tag from a list of them, which may have empty elements (RFC 9110, 5.6.1 and 8.8.3). A list
// that is at its end gives an empty tag; ok says that nothing else is wrong.
func cutTag(list string) (tag entityTag, rest string, ok bool) {
	list = strings.TrimLeft(list, " \t,")
	if list == "" {
		return entityTag{}, "", true
	}
	opaque, weak := strings.CutPrefix(list, "W/")
	if opaque == "" || opaque[0] != '"' {
		return entityTag{}, "", false
	}
	end := strings.IndexByte(opaque[1:], '"') + 2
	if end < 2 || strings.ContainsFunc(opaque[1:end-1], func(r rune) bool { return r <= ' ' || r == 0x7f }) {
		return entityTag{}, "", false
	}
	rest = strings.TrimLeft(opaque[end:], " \t")
	if rest != "" && rest[0] != ',' {
		return entityTag{}, "", false
	}
	return entityTag{opaque[:end], weak}, rest, true
}

func isAny(list string) bool { return strings.Trim(list, " \t") == "*" }

// matchesAny compares weakly, as If-None-Match does. From where a list is no list it matches nothing: the caller then
// gets the whole answer.
func matchesAny(lists []string, current string) bool {
	for _, list := range lists {
		if isAny(list) {
			return true
		}
		for rest := list; rest != ""; {
			tag, after, ok := cutTag(rest)
			if !ok || tag.opaque == "" {
				break
			}
			if tag.opaque == current {
				return true
			}
			rest = after
		}
	}
	return false
}

// notModified gives a read its validator, and answers it with 304 where the caller has what that names.
func notModified(c *gin.Context, tag string) (answered bool) {
	keepPrivate(c)
	c.Header("ETag", tag)
	if !matchesAny(c.Request.Header.Values("If-None-Match"), tag) {
		return false
	}
	sendNothing(c, http.StatusNotModified)
	return true
}

// target is which thing a change is meant for, at which versions.
func target(c *gin.Context, missing error) (id uuid.UUID, expected command.Versions, err error) {
	if id, err = pathID(c, missing); err != nil {
		return id, nil, err
	}
	expected, err = expectedVersions(c)
	return id, expected, err
}

// expectedVersions reads If-Match, which compares strongly: a weak tag, like one that is not ours, is of no version.
func expectedVersions(c *gin.Context) (command.Versions, error) {
	lists := c.Request.Header.Values("If-Match")
	if len(lists) == 0 || len(lists) == 1 && isAny(lists[0]) {
		return nil, nil
	}
	versions := command.Versions{}
	for _, list := range lists {
		for rest := list; rest != ""; {
			tag, after, ok := cutTag(rest)
			if !ok {
				return nil, badRequest(`If-Match must be * or a list of entity tags such as "3"`)
			}
			version, err := strconv.ParseInt(strings.Trim(tag.opaque, `"`), 10, 64)
			if err == nil && !tag.weak && tag.opaque == versionTag(version) {
				versions = append(versions, version)
			}
			rest = after
		}
	}
	return versions, nil
}
