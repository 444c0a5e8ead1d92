package auth_test

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/MicahParks/jwkset"
	"github.com/golang-jwt/jwt/v5"
	"github.com/stretchr/testify/require"

	"github.com/brickboard/brickboard/transport/auth"
)

const (
	secret = "a secret of forty bytes, or a few more.."
	sub    = "collector-1"
)

// clock is a time that stands still until it is moved.
type clock struct{ nanoseconds atomic.Int64 }

func newClock() *clock {
	c := &clock{}
	c.nanoseconds.Store(time.Date(2031, 5, 4, 12, 0, 0, 0, time.UTC).UnixNano())
	return c
}

func (c *clock) Now() time.Time        { return time.Unix(0, c.nanoseconds.Load()) }
func (c *clock) Move(by time.Duration) { c.nanoseconds.Add(int64(by)) }

// with returns good claims with some of them set; nil removes one.
func (c *clock) with(changes jwt.MapClaims) jwt.MapClaims {
	claims := jwt.MapClaims{"sub": sub, "exp": c.Now().Add(time.Hour).Unix()}
	maps.Copy(claims, changes)
	maps.DeleteFunc(claims, func(_ string, value any) bool { return value == nil })
	return claims
}

func sign(t testing.TB, method jwt.SigningMethod, key any, kid string, claims jwt.MapClaims) string {
	t.Helper()
	token := jwt.NewWithClaims(method, claims)
	if kid != "" {
		token.Header["kid"] = kid
	}
	signed, err := token.SignedString(key)
	require.NoError(t, err)
	return signed
}

func hs256(t testing.TB, claims jwt.MapClaims) string {
	return sign(t, jwt.SigningMethodHS256, []byte(secret), "", claims)
}

func newVerifier(t testing.TB, cfg auth.Config) *auth.Verifier {
	t.Helper()
	v, err := auth.NewVerifier(t.Context(), cfg, discard())
	require.NoError(t, err)
	return v
}

func refused(t testing.TB, reason auth.Reason, id auth.Identity, err error) {
	t.Helper()
	require.ErrorIs(t, err, auth.ErrUnauthorized)
	require.Equal(t, reason, auth.ReasonOf(err))
	require.Zero(t, id)
}

// key is a pair with the algorithm that it signs with.
type key struct {
	method  jwt.SigningMethod
	private crypto.Signer
}

func (k key) sign(t testing.TB, kid string, claims jwt.MapClaims) string {
	return sign(t, k.method, k.private, kid, claims)
}

func (k key) jwk(t testing.TB, kid string) jwkset.JWKMarshal {
	t.Helper()
	jwk, err := jwkset.NewJWKFromKey(k.private.Public(), jwkset.JWKOptions{Metadata: jwkset.JWKMetadataOptions{KID: kid}})
	require.NoError(t, err)
	return jwk.Marshal()
}

var newRSA = sync.OnceValues(func() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, 2048) })

func rsaKey(t testing.TB) key {
	private, err := newRSA()
	require.NoError(t, err)
	return key{jwt.SigningMethodRS256, private}
}

func ecKey(t testing.TB) key {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	return key{jwt.SigningMethodES256, private}
}

func edKey(t testing.TB) key {
	_, private, err := ed25519.GenerateKey(rand.Reader)
	require.NoError(t, err)
	return key{jwt.SigningMethodEdDSA, private}
}

func keySet(t testing.TB, keys ...jwkset.JWKMarshal) string {
	t.Helper()
	raw, err := json.Marshal(map[string]any{"keys": append([]jwkset.JWKMarshal{}, keys...)})
	require.NoError(t, err)
	return string(raw)
}

func writeFile(t testing.TB, path, content string) {
	t.Helper()
	require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
}

func keyFile(t testing.TB, keys ...jwkset.JWKMarshal) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "jwks.json")
	writeFile(t, path, keySet(t, keys...))
	return path
}

// logged collects what a verifier says.
type logged struct {
	mu  sync.Mutex
	all bytes.Buffer
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all.Write(p)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all.String()
}

func (l *logged) Count(message string) int { return strings.Count(l.String(), message) }

func newLoggedVerifier(t testing.TB, ctx context.Context, cfg auth.Config) (*auth.Verifier, *logged) {
	t.Helper()
	log := &logged{}
	v, err := auth.NewVerifier(ctx, cfg, slog.New(slog.NewTextHandler(log, nil)))
	require.NoError(t, err)
	return v, log
}

// signText signs a header and a payload as they are, whatever they are.
func signText(t testing.TB, header, payload string) string {
	t.Helper()
	text := base64.RawURLEncoding.EncodeToString([]byte(header)) + "." + base64.RawURLEncoding.EncodeToString([]byte(payload))
	signature, err := jwt.SigningMethodHS256.Sign(text, []byte(secret))
	require.NoError(t, err)
	return text + "." + base64.RawURLEncoding.EncodeToString(signature)
}

func discard() *slog.Logger { return slog.New(slog.DiscardHandler) }
