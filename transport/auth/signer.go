package auth

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/brickboard/brickboard/domain"
)

// Signer makes tokens that a Verifier of the same secret, issuer and audience accepts. It is safe for concurrent use.
type Signer struct {
	secret           []byte
	issuer, audience string
	now              func() time.Time
}

// NewSigner signs with HS256. Issuer and audience may be empty: then the tokens name none. A nil now is time.Now.
func NewSigner(secret []byte, issuer, audience string, now func() time.Time) *Signer {
	if now == nil {
		now = time.Now
	}
	return &Signer{secret: bytes.Clone(secret), issuer: issuer, audience: audience, now: now}
}

// Sign makes a token that ends ttl from now, cut to the whole second that expiresAt says, in UTC. It fails on a secret
// under 32 bytes, a ttl under a second, and a collector or scope that a Verifier would not read back as it was.
func (s *Signer) Sign(collector domain.CollectorID, scopes []string, ttl time.Duration) (token string, expiresAt time.Time, err error) {
	if err := checkSecret(s.secret); err != nil {
		return "", time.Time{}, err
	}
	if _, err := parseSubject(string(collector)); err != nil {
		return "", time.Time{}, fmt.Errorf("sign a token: %q is not a collector's id", collector)
	}
	if ttl < time.Second {
		return "", time.Time{}, errors.New("sign a token: it must last at least a second")
	}
	scope := strings.Join(scopes, " ")
	if len(strings.Split(scope, " ")) != max(len(scopes), 1) {
		return "", time.Time{}, errors.New("sign a token: a scope is a word without spaces")
	}
	now := s.now().UTC()
	expiresAt = now.Add(ttl).Truncate(time.Second)
	token, err = jwt.NewWithClaims(jwt.SigningMethodHS256, s.claims(collector, scope, now, expiresAt)).SignedString(s.secret)
	if err != nil {
		return "", time.Time{}, fmt.Errorf("sign a token: %w", err)
	}
	return token, expiresAt, nil
}

func (s *Signer) claims(collector domain.CollectorID, scope string, issued, expires time.Time) jwt.MapClaims {
	claims := jwt.MapClaims{"sub": string(collector), "iat": issued.Unix(), "exp": expires.Unix()}
	for name, value := range map[string]string{"iss": s.issuer, "aud": s.audience, "scope": scope} {
		if value != "" {
			claims[name] = value
		}
	}
	return claims
}
