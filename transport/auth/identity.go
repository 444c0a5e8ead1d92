package auth

import (
	"strings"
	"time"

	"github.com/brickboard/brickboard/domain"
)

// ScopeReadAny allows reading every collector's dashboard.
const ScopeReadAny = "dashboard:read:any"

// Identity is who a verified token speaks for.
type Identity struct {
	Collector domain.CollectorID
	ExpiresAt time.Time // UTC, whole seconds: from this moment on the identity is void

	scope string
}

// Has says whether the token was given the scope.
func (i Identity) Has(scope string) bool {
	for word := range strings.SplitSeq(i.scope, " ") {
		if word != "" && word == scope {
			return true
		}
	}
	return false
}
