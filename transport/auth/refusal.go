package auth

import (
	"errors"

	"github.com/golang-jwt/jwt/v5"
)

// ErrUnauthorized is all that a caller may be told of a refusal. Every error of Verify and Authenticate wraps it.
var ErrUnauthorized = errors.New("unauthorized")

// Reason says why a token was refused. It is for debug logs and metric labels, never for the caller.
type Reason string

// The reasons, all there are. A token that is wrong in several ways has the first.
const (
	Absent       Reason = "absent"           // neither header nor cookie
	Ambiguous    Reason = "ambiguous"        // several Authorization headers, or several cookies
	Malformed    Reason = "malformed"        // not a Bearer header, not a JWT, too long
	Algorithm    Reason = "algorithm"        // none that a configured key allows
	UnknownKey   Reason = "unknown_key"      // no key of this algorithm and kid
	Signature    Reason = "signature"        // does not fit the key
	InvalidClaim Reason = "invalid_claim"    // a claim of the wrong type or out of bounds
	Issuer       Reason = "issuer"           // not the configured one
	Audience     Reason = "audience"         // not the configured one
	MissingClaim Reason = "missing_claim"    // exp, or iss or aud where configured
	NotYetValid  Reason = "not_yet_valid"    // nbf lies ahead
	IssuedAhead  Reason = "issued_in_future" // iat lies ahead
	Expired      Reason = "expired"
	Subject      Reason = "subject" // sub is absent or not a collector's id
)

// Refusal is the error of Verify and Authenticate. Its text holds the reason and nothing of the token.
type Refusal struct{ Reason Reason }

func (r *Refusal) Error() string { return "unauthorized: " + string(r.Reason) }

// Unwrap makes errors.Is find ErrUnauthorized.
func (r *Refusal) Unwrap() error { return ErrUnauthorized }

// ReasonOf is the reason of a refusal, or "" for any other error.
func ReasonOf(err error) Reason {
	if refusal := (*Refusal)(nil); errors.As(err, &refusal) {
		return refusal.Reason
	}
	return ""
}

func refuse(reason Reason) error { return &Refusal{Reason: reason} }

// refusalOf turns the library's error into ours. The library's is dropped: it may quote the token.
func refusalOf(err error) error {
	if reason := ReasonOf(err); reason != "" {
		return refuse(reason)
	}
	for _, known := range []struct {
		err    error
		reason Reason
	}{
		{jwt.ErrTokenMalformed, Malformed},
		{jwt.ErrTokenUnverifiable, Algorithm}, // ours are handled above: what is left is an absent or unknown alg
		{jwt.ErrTokenSignatureInvalid, Signature},
		{jwt.ErrInvalidType, InvalidClaim},
		{jwt.ErrTokenInvalidIssuer, Issuer},
		{jwt.ErrTokenInvalidAudience, Audience},
		{jwt.ErrTokenRequiredClaimMissing, MissingClaim},
		{jwt.ErrTokenNotValidYet, NotYetValid},
		{jwt.ErrTokenUsedBeforeIssued, IssuedAhead},
		{jwt.ErrTokenExpired, Expired},
	} {
		if errors.Is(err, known.err) {
			return refuse(known.reason)
		}
	}
	return refuse(Malformed)
}
