package auth

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/MicahParks/jwkset"
	"github.com/golang-jwt/jwt/v5"
)

// The algorithms, as a token's header names them.
const (
	hs256 = "HS256"
	rs256 = "RS256"
	es256 = "ES256"
	edDSA = "EdDSA"
)

func isAsymmetric(algorithm string) bool {
	return algorithm == rs256 || algorithm == es256 || algorithm == edDSA
}

// minRSA is in bits, by RFC 7518, section 3.3.
const minRSA = 2048

// publicKey checks the signatures of one algorithm. An empty id is none.
type publicKey struct {
	id, algorithm string
	key           crypto.PublicKey
}

// parseKeys reads a JWK Set. Keys that check none of our algorithms are skipped, as the standard asks: sets hold keys
// for other uses. A set without keys is good, and refuses every token; what is no set is an error.
func parseKeys(raw []byte) (keys []publicKey, skipped int, err error) {
	var set struct {
		Keys *[]json.RawMessage `json:"keys"`
	}
	if err := json.Unmarshal(raw, &set); err != nil {
		return nil, 0, fmt.Errorf("decode the JWK Set: %w", err)
	}
	if set.Keys == nil {
		return nil, 0, errors.New(`not a JWK Set: it has no "keys"`)
	}
	for _, member := range *set.Keys {
		if key, ok := parseKey(member); ok {
			keys = append(keys, key)
		}
	}
	return keys, len(*set.Keys) - len(keys), nil
}

// parseKey takes the public part only, also of a private key. The library's validation is left out: it panics on a
// coordinate that is too long, and one that is not on the curve verifies nothing.
func parseKey(raw json.RawMessage) (publicKey, bool) {
	jwk, err := jwkset.NewJWKFromRawJSON(raw, jwkset.JWKMarshalOptions{}, jwkset.JWKValidateOptions{SkipAll: true})
	if err != nil {
		return publicKey{}, false
	}
	algorithm, said := algorithmOf(jwk.Key()), jwk.Marshal()
	switch {
	case algorithm == "",
		said.ALG != "" && said.ALG.String() != algorithm,
		said.USE != "" && said.USE != jwkset.UseSig,
		len(said.KEYOPS) > 0 && !slices.Contains(said.KEYOPS, jwkset.KeyOpsVerify):
		return publicKey{}, false
	}
	return publicKey{id: said.KID, algorithm: algorithm, key: jwk.Key()}, true
}

// algorithmOf is the one algorithm of ours that a key can check, or "".
func algorithmOf(key crypto.PublicKey) string {
	switch key := key.(type) {
	case *rsa.PublicKey:
		if key.N.BitLen() >= minRSA {
			return rs256
		}
	case *ecdsa.PublicKey:
		if key.Curve == elliptic.P256() {
			return es256
		}
	case ed25519.PublicKey:
		return edDSA
	}
	return ""
}

// publicKeys are those of the token's algorithm and kid; without a kid, all of the algorithm. Where there is none, the
// sources are asked whether they have got it meanwhile.
func (v *Verifier) publicKeys(token *jwt.Token, algorithm string) (jwt.VerificationKeySet, error) {
	id, isText := token.Header["kid"].(string)
	if _, present := token.Header["kid"]; present && !isText {
		return jwt.VerificationKeySet{}, refuse(Malformed)
	}
	set := v.lookUp(algorithm, id, isText)
	if len(set.Keys) == 0 {
		for _, source := range v.sources {
			source.ask()
		}
		set = v.lookUp(algorithm, id, isText)
	}
	if len(set.Keys) == 0 {
		return set, refuse(UnknownKey)
	}
	return set, nil
}

func (v *Verifier) lookUp(algorithm, id string, named bool) (set jwt.VerificationKeySet) {
	for _, source := range v.sources {
		for _, key := range source.current() {
			if key.algorithm == algorithm && (!named || key.id == id) {
				set.Keys = append(set.Keys, key.key)
			}
		}
	}
	return set
}
