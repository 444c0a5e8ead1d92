package auth

import (
	"net/http"
	"strings"
)

// Authenticate returns who the request speaks for, or a Refusal. An Authorization header decides alone: where it is
// wrong, the cookie is not tried. fromCookie says that the cookie decided, also when it was refused: such a request may
// have been sent by another site, and its origin wants checking (see Origins).
//
// Several cookies of the name are refused, even when one is good: another host of the domain may have planted the
// first, to make the collector work in somebody else's collection.
func (v *Verifier) Authenticate(r *http.Request) (id Identity, fromCookie bool, err error) {
	token, fromCookie, err := credentials(r)
	if err != nil {
		return Identity{}, fromCookie, err
	}
	id, err = v.Verify(token)
	return id, fromCookie, err
}

func credentials(r *http.Request) (token string, fromCookie bool, err error) {
	switch headers := r.Header.Values("Authorization"); len(headers) {
	case 0:
	case 1:
		token, err := bearer(headers[0])
		return token, false, err
	default:
		return "", false, refuse(Ambiguous)
	}
	switch cookies := r.CookiesNamed(CookieName); len(cookies) {
	case 0:
		return "", false, refuse(Absent)
	case 1:
		return cookies[0].Value, true, nil
	default:
		return "", true, refuse(Ambiguous)
	}
}

// bearer takes the token from a header's value; Verify finds out what else is wrong with it.
func bearer(header string) (string, error) {
	scheme, rest, _ := strings.Cut(header, " ")
	token := strings.TrimLeft(rest, " ")
	if !strings.EqualFold(scheme, "Bearer") || token == "" {
		return "", refuse(Malformed)
	}
	return token, nil
}
