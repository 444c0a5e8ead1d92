package readmodel

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"github.com/brickboard/brickboard/domain"
)

// State names what a collector's view is: within one epoch, the higher revision is the newer. Revisions of two epochs
// cannot be compared.
type State struct {
	Epoch    string // the collector's own, opaque: 22 characters of [A-Za-z0-9_-]
	Revision int64  // 0 before anything was projected
}

// String is "<epoch>.<revision>".
func (s State) String() string {
	return s.Epoch + "." + strconv.FormatInt(s.Revision, 10)
}

// ParseState reads what String makes, from somebody who is not trusted.
func ParseState(text string) (State, error) {
	epoch, number, found := strings.Cut(text, ".")
	revision, err := strconv.ParseInt(number, 10, 64)
	switch {
	case !found || err != nil || revision < 0 || number != strconv.FormatInt(revision, 10):
		return State{}, errNoState
	case len(epoch) < 16 || len(epoch) > 64 || strings.ContainsFunc(epoch, notOfAnEpoch):
		return State{}, errNoState
	}
	return State{Epoch: epoch, Revision: revision}, nil
}

var errNoState = errors.New("not <epoch>.<revision>")

func notOfAnEpoch(r rune) bool {
	return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_')
}

// wireEpoch derives the collector's epoch from the database's, so that no two collectors share one and neither can be
// told from the other.
func wireEpoch(database uuid.UUID, collector domain.CollectorID) string {
	mac := hmac.New(sha256.New, database[:])
	mac.Write([]byte(collector))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:16])
}
