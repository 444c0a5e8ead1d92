package rest

import (
	"encoding/base64"
	"encoding/binary"
	"time"

	"github.com/google/uuid"

	"github.com/brickboard/brickboard/domain/command"
)

// A cursor is the position of a page's last item: 8 bytes of microseconds since 1970, 16 of the id, in base64url.

const cursorBytes = 8 + 16

func cursorOf(p command.Position) string {
	raw := binary.BigEndian.AppendUint64(make([]byte, 0, cursorBytes), uint64(p.CreatedAt.UnixMicro()))
	return base64.RawURLEncoding.EncodeToString(append(raw, p.ID[:]...))
}

// parseCursor refuses what cursorOf did not make, and times that the database does not have.
func parseCursor(text string) (p command.Position, ok bool) {
	if len(text) != base64.RawURLEncoding.EncodedLen(cursorBytes) {
		return command.Position{}, false
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || len(raw) != cursorBytes {
		return command.Position{}, false
	}
	p.CreatedAt = time.UnixMicro(int64(binary.BigEndian.Uint64(raw))).UTC()
	p.ID = uuid.UUID(raw[8:])
	return p, p.CreatedAt.Year() >= 1 && p.CreatedAt.Year() <= 9999
}

// oneMore asks for an item more than the page holds: whether it is there says whether there is a next page.
func oneMore(p command.Page) command.Page {
	p.Limit++
	return p
}

// cut makes the page's items of what oneMore brought, and the cursor of the next page, nil after the last one.
func cut[A, W any](found []A, limit int, wire func(A) W, at func(A) command.Position) (items []W, next *string) {
	if len(found) > limit {
		found = found[:limit]
		cursor := cursorOf(at(found[limit-1]))
		next = &cursor
	}
	items = make([]W, len(found))
	for i, a := range found {
		items[i] = wire(a)
	}
	return items, next
}
