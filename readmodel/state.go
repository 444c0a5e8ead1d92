package readmodel

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"strconv"

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

// wireEpoch derives the collector's epoch from the database's, so that no two collectors share one and neither can be
// told from the other.
func wireEpoch(database uuid.UUID, collector domain.CollectorID) string {
	mac := hmac.New(sha256.New, database[:])
	mac.Write([]byte(collector))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:16])
}
