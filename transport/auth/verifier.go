package auth

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"log/slog"
	"strings"
	"sync/atomic"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/maypok86/otter/v2"
)

const (
	maxToken = 8 << 10         // bytes; ours have some 250
	leeway   = 5 * time.Second // by how much an issuer's clock may be ahead of ours; a token's end gets none
	remember = 10_000          // verified tokens kept, some 200 bytes each
)

// Verifier checks tokens. It is safe for concurrent use.
type Verifier struct {
	secret  []byte
	sources []*keySource
	parser  *jwt.Parser
	now     func() time.Time

	known      *otter.Cache[[sha256.Size]byte, verified]
	generation atomic.Int64 // grows with every change of the keys
}

// verified is a token's identity as the keys of one generation gave it. Of the token only the hash is kept.
type verified struct {
	identity   Identity
	generation int64
}

// NewVerifier fails, with everything that is wrong, on a configuration that no token could be safely checked by, and on
// a key file that cannot be read. A key URL that does not answer is logged, and asked again: tokens that need it are
// refused until then. It watches the keys until ctx ends.
func NewVerifier(ctx context.Context, cfg Config, log *slog.Logger) (*Verifier, error) {
	if err := cfg.Validate(); err != nil {
		return nil, fmt.Errorf("check the token configuration: %w", err)
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	known, err := otter.New(&otter.Options[[sha256.Size]byte, verified]{MaximumSize: remember})
	if err != nil {
		return nil, fmt.Errorf("make the cache of verified tokens: %w", err)
	}
	v := &Verifier{secret: bytes.Clone(cfg.Secret), parser: newParser(cfg), now: cfg.Now, known: known}
	if err := v.addSources(ctx, cfg, log); err != nil {
		return nil, err
	}
	return v, nil
}

// newParser leaves the choice of algorithms to the keys (see Verifier.keys). The library's options treat "" as unset.
func newParser(cfg Config) *jwt.Parser {
	options := []jwt.ParserOption{
		jwt.WithStrictDecoding(), jwt.WithTimeFunc(cfg.Now), jwt.WithLeeway(leeway),
		jwt.WithExpirationRequired(), jwt.WithIssuedAt(), jwt.WithIssuer(cfg.Issuer),
	}
	if cfg.Audience != "" {
		options = append(options, jwt.WithAudience(cfg.Audience))
	}
	return jwt.NewParser(options...)
}

// Verify returns who the token speaks for, or a Refusal. A verified token is remembered, by its hash, until the keys
// change; its end is held against the clock every time.
func (v *Verifier) Verify(token string) (Identity, error) {
	switch {
	case token == "":
		return Identity{}, refuse(Absent)
	case len(token) > maxToken || strings.ContainsAny(token, "\r\n"): // base64 decoding passes over line breaks
		return Identity{}, refuse(Malformed)
	}
	generation := v.generation.Load() // before the keys: one that changes meanwhile makes the entry void
	hash := sha256.Sum256([]byte(token))
	entry, ok := v.known.GetIfPresent(hash)
	if !ok || entry.generation != generation {
		identity, err := v.check(token)
		if err != nil {
			return Identity{}, err
		}
		entry = verified{identity: identity, generation: generation}
		v.known.Set(hash, entry)
	}
	if !v.now().Before(entry.identity.ExpiresAt) {
		return Identity{}, refuse(Expired)
	}
	return entry.identity, nil
}

func (v *Verifier) check(token string) (Identity, error) {
	claims := jwt.MapClaims{} // unlike a struct it tells "sub" from "SUB"
	if _, err := v.parser.ParseWithClaims(token, claims, v.keys); err != nil {
		return Identity{}, refusalOf(err)
	}
	return identify(claims)
}

// keys gives the keys that a token may be signed with, by its algorithm: this is the only place where an algorithm is
// allowed.
func (v *Verifier) keys(token *jwt.Token) (any, error) {
	if _, critical := token.Header["crit"]; critical { // names extensions that must be understood; we know none
		return nil, refuse(Malformed)
	}
	switch algorithm := token.Method.Alg(); {
	case algorithm == hs256 && len(v.secret) > 0:
		return v.secret, nil
	case isAsymmetric(algorithm) && len(v.sources) > 0:
		return v.publicKeys(token, algorithm)
	}
	return nil, refuse(Algorithm)
}
