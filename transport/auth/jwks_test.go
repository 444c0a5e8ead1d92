package auth_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"maps"
	"strings"
	"testing"

	"github.com/MicahParks/jwkset"
	"github.com/golang-jwt/jwt/v5"
	"github.com/stretchr/testify/require"

	"github.com/brickboard/brickboard/transport/auth"
)

// kinds are the key pairs of each asymmetric algorithm, made anew but for the RSA one.
func kinds(t testing.TB) map[string]key {
	return map[string]key{"RS256": rsaKey(t), "ES256": ecKey(t), "EdDSA": edKey(t)}
}

func TestVerifier_Verify_WithKeySet(t *testing.T) {
	t.Parallel()
	at := newClock()
	keys := kinds(t)
	v := newVerifier(t, auth.Config{Now: at.Now, JWKSFile: keyFile(t,
		keys["RS256"].jwk(t, "RS256"), keys["ES256"].jwk(t, "ES256"), keys["EdDSA"].jwk(t, "EdDSA"))})
	for name, good := range keys {
		t.Run(name+"/Good", func(t *testing.T) {
			t.Parallel()
			for _, kid := range []string{name, ""} {
				token := good.sign(t, kid, at.with(nil))
				for range 2 {
					id, err := v.Verify(token)
					require.NoError(t, err)
					require.EqualValues(t, sub, id.Collector)
				}
			}
		})
		t.Run(name+"/Expired", func(t *testing.T) {
			t.Parallel()
			id, err := v.Verify(good.sign(t, name, at.with(jwt.MapClaims{"exp": at.Now().Unix()})))
			refused(t, auth.Expired, id, err)
		})
		t.Run(name+"/Tampered", func(t *testing.T) {
			t.Parallel()
			parts := strings.Split(good.sign(t, name, at.with(nil)), ".")
			other := strings.Split(good.sign(t, name, at.with(jwt.MapClaims{"sub": "mallory"})), ".")
			id, err := v.Verify(parts[0] + "." + other[1] + "." + parts[2])
			refused(t, auth.Signature, id, err)
		})
		t.Run(name+"/UnknownKid", func(t *testing.T) {
			t.Parallel()
			id, err := v.Verify(good.sign(t, "unknown", at.with(nil)))
			refused(t, auth.UnknownKey, id, err)
		})
		t.Run(name+"/KidOfAnotherKind", func(t *testing.T) {
			t.Parallel()
			for other := range maps.Keys(keys) {
				if other != name {
					id, err := v.Verify(good.sign(t, other, at.with(nil)))
					refused(t, auth.UnknownKey, id, err)
				}
			}
		})
	}
	for name, stranger := range map[string]key{"ES256": ecKey(t), "EdDSA": edKey(t)} {
		t.Run(name+"/KeyOfAStranger", func(t *testing.T) {
			t.Parallel()
			for _, kid := range []string{name, ""} {
				id, err := v.Verify(stranger.sign(t, kid, at.with(nil)))
				refused(t, auth.Signature, id, err)
			}
		})
	}
}

func TestVerifier_Verify_RefusesConfusionOfKeys(t *testing.T) {
	t.Parallel()
	at := newClock()
	pair := rsaKey(t)
	der, err := x509.MarshalPKIXPublicKey(pair.private.Public())
	require.NoError(t, err)
	file := keyFile(t, pair.jwk(t, "kid"))
	keysOnly := newVerifier(t, auth.Config{Now: at.Now, JWKSFile: file})
	both := newVerifier(t, auth.Config{Now: at.Now, JWKSFile: file, Secret: []byte(secret)})

	for name, public := range map[string][]byte{
		"DER":     der,
		"PKCS1":   x509.MarshalPKCS1PublicKey(pair.private.Public().(*rsa.PublicKey)),
		"PEM":     pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}),
		"Modulus": pair.private.Public().(*rsa.PublicKey).N.Bytes(),
	} {
		t.Run("PublicKeyAsSecret"+name, func(t *testing.T) {
			t.Parallel()
			token := sign(t, jwt.SigningMethodHS256, public, "kid", at.with(nil))
			id, err := keysOnly.Verify(token)
			refused(t, auth.Algorithm, id, err)
			id, err = both.Verify(token)
			refused(t, auth.Signature, id, err)
		})
	}
	for name, method := range map[string]jwt.SigningMethod{
		"RS384": jwt.SigningMethodRS384, "RS512": jwt.SigningMethodRS512, "PS256": jwt.SigningMethodPS256,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			id, err := both.Verify(sign(t, method, pair.private, "kid", at.with(nil)))
			refused(t, auth.Algorithm, id, err)
		})
	}
	t.Run("BothKindsWork", func(t *testing.T) {
		t.Parallel()
		for _, token := range []string{pair.sign(t, "kid", at.with(nil)), hs256(t, at.with(nil))} {
			_, err := both.Verify(token)
			require.NoError(t, err)
		}
	})
	t.Run("KidNotText", func(t *testing.T) {
		t.Parallel()
		token := jwt.NewWithClaims(jwt.SigningMethodRS256, at.with(nil))
		token.Header["kid"] = 1
		signed, err := token.SignedString(pair.private)
		require.NoError(t, err)
		id, err := both.Verify(signed)
		refused(t, auth.Malformed, id, err)
	})
}

func TestVerifier_Verify_SkipsKeysOfOtherUses(t *testing.T) {
	t.Parallel()
	at := newClock()
	small, err := rsa.GenerateKey(rand.Reader, 1024)
	require.NoError(t, err)
	large, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	require.NoError(t, err)
	shared := jwkset.JWKMarshal{KTY: jwkset.KtyOct, KID: "kid", K: "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3I"}

	for name, test := range map[string]struct {
		key    key
		change func(*jwkset.JWKMarshal)
	}{
		"ForEncryption":    {ecKey(t), func(k *jwkset.JWKMarshal) { k.USE = jwkset.UseEnc }},
		"ForSigningOnly":   {ecKey(t), func(k *jwkset.JWKMarshal) { k.KEYOPS = []jwkset.KEYOPS{jwkset.KeyOpsSign} }},
		"OtherAlgorithm":   {rsaKey(t), func(k *jwkset.JWKMarshal) { k.ALG = jwkset.AlgRS512 }},
		"AlgorithmHS256":   {rsaKey(t), func(k *jwkset.JWKMarshal) { k.ALG = jwkset.AlgHS256 }},
		"RSATooShort":      {key{jwt.SigningMethodRS256, small}, func(*jwkset.JWKMarshal) {}},
		"KidOfAnotherKey":  {ecKey(t), func(k *jwkset.JWKMarshal) { k.KID = "KID" }},
		"KeyWithoutKid":    {ecKey(t), func(k *jwkset.JWKMarshal) { k.KID = "" }},
		"CoordinateLong":   {ecKey(t), func(k *jwkset.JWKMarshal) { k.X = strings.Repeat("_", 60) + k.X }},
		"CurveOtherThanES": {key{jwt.SigningMethodES384, large}, func(*jwkset.JWKMarshal) {}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			member, other := test.key.jwk(t, "kid"), edKey(t)
			test.change(&member)
			v := newVerifier(t, auth.Config{Now: at.Now, JWKSFile: keyFile(t, member, shared, other.jwk(t, "other"))})
			id, err := v.Verify(test.key.sign(t, "kid", at.with(nil)))
			require.ErrorIs(t, err, auth.ErrUnauthorized)
			require.Zero(t, id)
			_, err = v.Verify(other.sign(t, "other", at.with(nil)))
			require.NoError(t, err, "one unusable key spoils the others")
		})
	}
	t.Run("BrokenMembers", func(t *testing.T) {
		t.Parallel()
		good := edKey(t)
		raw, err := json.Marshal(good.jwk(t, "kid"))
		require.NoError(t, err)
		path := keyFile(t)
		writeFile(t, path, `{"keys":[1,null,{},{"kty":7},{"kty":"EC","crv":"P-256","x":"AA","y":"!"},{"kty":"RSA","n":"AQ","e":"AQAB"},`+string(raw)+`]}`)
		v := newVerifier(t, auth.Config{Now: at.Now, JWKSFile: path})
		_, err = v.Verify(good.sign(t, "kid", at.with(nil)))
		require.NoError(t, err)
	})
}

func TestVerifier_Verify_PrivateKeyInSetIsUsedAsPublic(t *testing.T) {
	t.Parallel()
	at := newClock()
	for name, pair := range kinds(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			jwk, err := jwkset.NewJWKFromKey(pair.private, jwkset.JWKOptions{
				Marshal: jwkset.JWKMarshalOptions{Private: true}, Metadata: jwkset.JWKMetadataOptions{KID: "kid"},
			})
			require.NoError(t, err)
			v := newVerifier(t, auth.Config{Now: at.Now, JWKSFile: keyFile(t, jwk.Marshal())})
			_, err = v.Verify(pair.sign(t, "kid", at.with(nil)))
			require.NoError(t, err)
		})
	}
}
