package auth_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/brickboard/brickboard/domain"
	"github.com/brickboard/brickboard/transport/auth"
)

const signedHeader = `{"alg":"HS256","typ":"JWT"}`

// good says that an identity is one that others may rely on, and a refusal one that tells nothing of the token.
func good(t *testing.T, at *clock, id auth.Identity, err error) {
	t.Helper()
	if err != nil {
		require.ErrorIs(t, err, auth.ErrUnauthorized)
		require.Equal(t, "unauthorized: "+string(auth.ReasonOf(err)), err.Error())
		require.Zero(t, id)
		return
	}
	_, err = domain.ParseCollectorID(string(id.Collector))
	require.NoError(t, err)
	require.True(t, id.ExpiresAt.After(at.Now()))
	_, err = id.ExpiresAt.MarshalJSON()
	require.NoError(t, err)
}

// FuzzVerifier_Verify gives strangers' tokens: none is good but the seeds, whatever is made of them.
func FuzzVerifier_Verify(f *testing.F) {
	at, pair := newClock(), edKey(f)
	v := newVerifier(f, auth.Config{Secret: []byte(secret), Now: at.Now, JWKSFile: keyFile(f, pair.jwk(f, "kid"))})
	seeds := map[string]bool{hs256(f, at.with(nil)): true, pair.sign(f, "kid", at.with(nil)): true, pair.sign(f, "", at.with(nil)): true}
	for seed := range seeds {
		f.Add(seed)
		f.Add(strings.Replace(seed, ".", "..", 1))
		f.Add(seed[:strings.LastIndex(seed, ".")+1])
	}
	f.Add("eyJhbGciOiJub25lIn0.e30.")
	f.Add("bnVsbA.bnVsbA.")
	f.Fuzz(func(t *testing.T, token string) {
		id, err := v.Verify(token)
		good(t, at, id, err)
		require.True(t, err != nil || seeds[token], "forged: %s", token)
	})
}

// FuzzVerifier_Verify_Signed signs whatever header and claims there may be: an issuer is trusted, not infallible.
func FuzzVerifier_Verify_Signed(f *testing.F) {
	at := newClock()
	v := newVerifier(f, auth.Config{Secret: []byte(secret), Now: at.Now})
	f.Add(signedHeader, `{"sub":"a","exp":1999999999,"nbf":0.5,"iat":1,"scope":"a b"}`)
	f.Add(`{"alg":"HS256","kid":1,"crit":[]}`, `{"sub":"a","exp":1e300,"nbf":-1e300,"aud":[1],"iss":{}}`)
	f.Add(signedHeader, "{\"sub\":\"\\ud800\xff\",\"exp\":253402300800,\"scope\":null}")
	f.Fuzz(func(t *testing.T, header, payload string) {
		id, err := v.Verify(signText(t, header, payload))
		good(t, at, id, err)
	})
}

// FuzzNewVerifier_KeyFile gives key sets: one that cannot be used is an error or is skipped, and never lets a token in.
func FuzzNewVerifier_KeyFile(f *testing.F) {
	at := newClock()
	ec, ed := ecKey(f), edKey(f)
	stranger := ecKey(f).sign(f, "", at.with(nil))
	f.Add(keySet(f, ec.jwk(f, "kid"), ed.jwk(f, "")))
	f.Add(keySet(f, rsaKey(f).jwk(f, "kid")))
	f.Add(`{"keys":[{"kty":"EC","crv":"P-256","x":"` + strings.Repeat("_", 60) + `","y":"AA"},{"kty":"oct","k":"AA"},{"kty":"RSA","n":"AA","e":"AA"}]}`)
	f.Fuzz(func(t *testing.T, set string) {
		path := keyFile(t)
		writeFile(t, path, set)
		v, err := auth.NewVerifier(t.Context(), auth.Config{Now: at.Now, JWKSFile: path}, discard())
		if err != nil {
			return
		}
		id, err := v.Verify(stranger)
		require.ErrorIs(t, err, auth.ErrUnauthorized)
		require.Zero(t, id)
	})
}
