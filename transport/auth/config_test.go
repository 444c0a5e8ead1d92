package auth_test

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/brickboard/brickboard/transport/auth"
)

func TestNewVerifier_RefusesConfiguration(t *testing.T) {
	t.Parallel()
	broken := keyFile(t)
	writeFile(t, broken, "<html>")
	empty := keyFile(t)
	writeFile(t, empty, "")
	noSet := keyFile(t)
	writeFile(t, noSet, `{"error":"not found"}`)
	for name, test := range map[string]struct {
		cfg     auth.Config
		says    string
		saysNot string
	}{
		"NoKeys":            {auth.Config{}, "set BRICKBOARD_JWT_SECRET, BRICKBOARD_JWKS_URL or BRICKBOARD_JWKS_FILE", "bytes"},
		"ShortSecret":       {auth.Config{Secret: []byte(secret[:31])}, "has 31 bytes and needs at least 32", secret[:31]},
		"URLNotEncrypted":   {auth.Config{JWKSURL: "http://issuer.example/keys"}, "must begin with https://", "issuer.example"},
		"URLLooksLoopback":  {auth.Config{JWKSURL: "http://localhost.example/keys"}, "must begin with https://", "no key"},
		"URLOfAFile":        {auth.Config{JWKSURL: "file://host/etc/passwd"}, "must begin with https://", "no key"},
		"URLWithPassword":   {auth.Config{JWKSURL: "https://user:hunter2@issuer.example/"}, "must not hold a user name", "hunter2"},
		"URLBroken":         {auth.Config{JWKSURL: "https://user:hunter2@issuer example/"}, "not an address", "hunter2"},
		"URLWithoutHost":    {auth.Config{JWKSURL: "issuer.example/keys"}, "not an address", "no key"},
		"FileAbsent":        {auth.Config{JWKSFile: filepath.Join(t.TempDir(), "none")}, "no such file", "no key"},
		"FileIsFolder":      {auth.Config{JWKSFile: t.TempDir()}, "read token keys", "no key"},
		"FileBroken":        {auth.Config{JWKSFile: broken}, broken, "no key"},
		"FileEmpty":         {auth.Config{JWKSFile: empty}, "decode the JWK Set", "no key"},
		"FileHoldsNoKeySet": {auth.Config{JWKSFile: noSet}, `it has no "keys"`, "no key"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v, err := auth.NewVerifier(t.Context(), test.cfg, discard())
			require.Nil(t, v)
			require.ErrorContains(t, err, test.says)
			require.NotContains(t, err.Error(), test.saysNot)
		})
	}
	t.Run("NamesEveryProblem", func(t *testing.T) {
		t.Parallel()
		_, err := auth.NewVerifier(t.Context(), auth.Config{Secret: []byte("x"), JWKSURL: "ftp://x/"}, discard())
		require.ErrorContains(t, err, "has 1 bytes")
		require.ErrorContains(t, err, "https://")
	})
}

func TestNewVerifier_KeepsItsOwnSecret(t *testing.T) {
	t.Parallel()
	at := newClock()
	given := []byte(secret)
	v := newVerifier(t, auth.Config{Secret: given, Now: at.Now})
	clear(given)
	_, err := v.Verify(hs256(t, at.with(nil)))
	require.NoError(t, err)
}
