package auth

import (
	"strings"
	"time"
	"unicode/utf8"

	"github.com/golang-jwt/jwt/v5"

	"github.com/brickboard/brickboard/domain"
)

// maxTime is the last second that RFC 3339 can write; later ones would overflow where times are computed.
const maxTime = 253_402_300_799

// identify reads the identity from claims whose signature, times, issuer and audience are good.
func identify(claims jwt.MapClaims) (Identity, error) {
	for _, name := range []string{"exp", "nbf", "iat"} {
		if seconds, ok := claims[name].(float64); ok && (seconds < 0 || seconds > maxTime) {
			return Identity{}, refuse(InvalidClaim)
		}
	}
	scope, ok := claims["scope"].(string)
	if _, present := claims["scope"]; present && !ok {
		return Identity{}, refuse(InvalidClaim)
	}
	subject, _ := claims["sub"].(string)
	collector, err := parseSubject(subject)
	if err != nil {
		return Identity{}, err
	}
	expiry, err := claims.GetExpirationTime()
	if err != nil || expiry == nil {
		return Identity{}, refuse(MissingClaim)
	}
	return Identity{Collector: collector, ExpiresAt: expiry.In(time.UTC), scope: scope}, nil
}

// parseSubject refuses U+FFFD too: decoders of JSON put it in place of what is not text, so that two issuers' subjects
// could become one collector.
func parseSubject(subject string) (domain.CollectorID, error) {
	collector, err := domain.ParseCollectorID(subject)
	if err != nil || strings.ContainsRune(subject, utf8.RuneError) {
		return "", refuse(Subject)
	}
	return collector, nil
}
