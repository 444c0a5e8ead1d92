// Package demo holds the collection that a first look at Brickboard shows, invented MOCs, real sets, and wishes, and
// loads it through the commands.
package demo

import (
	_ "embed" // for the collection
	"encoding/json"
	"fmt"
	"strings"

	"github.com/brickboard/brickboard/domain"
)

//go:embed collection.json
var collectionJSON string

// Contents is a collection that is not anybody's yet. All of it keeps the domain's rules.
type Contents struct {
	MOCs     []MOC // oldest first
	Sets     []domain.SetDraft
	Wishlist []domain.WishlistDraft
}

// MOC is a MOC with its ages, so that its dates can be told from any day: 0 <= ChangedDaysAgo <= AddedDaysAgo, equal
// when it was never changed.
type MOC struct {
	domain.MOCDraft
	AddedDaysAgo   int
	ChangedDaysAgo int
}

// Collection decodes the demo collection: 60 MOCs, 40 sets and 12 wishlist items, added over about two years. Each
// call gives values of its own. Fields are named in the file as in Go, but begin in lower case.
func Collection() (Contents, error) {
	var contents Contents
	decoder := json.NewDecoder(strings.NewReader(collectionJSON))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&contents); err != nil {
		return Contents{}, fmt.Errorf("decode demo collection: %w", err)
	}
	return contents, nil
}
