package auth_test

import (
	"testing"

	"github.com/brickboard/brickboard/transport/auth"
)

// BenchmarkVerifier_Verify compares a token that is not known yet with one that is: the ratio says whether remembering
// pays (17 for HS256, 50 to 180 for the others).
func BenchmarkVerifier_Verify(b *testing.B) {
	rsa, ec, ed := rsaKey(b), ecKey(b), edKey(b)
	at := newClock()
	v := newVerifier(b, auth.Config{
		Secret: []byte(secret), Now: at.Now,
		JWKSFile: keyFile(b, rsa.jwk(b, "rsa"), ec.jwk(b, "ec"), ed.jwk(b, "ed")),
	})
	for name, token := range map[string]string{
		"HS256": hs256(b, at.with(nil)), "RS256": rsa.sign(b, "rsa", at.with(nil)),
		"ES256": ec.sign(b, "ec", at.with(nil)), "EdDSA": ed.sign(b, "ed", at.with(nil)),
	} {
		for _, first := range []bool{true, false} {
			b.Run(name+map[bool]string{true: "/First", false: "/Known"}[first], func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if first {
						v.Forget()
					}
					if _, err := v.Verify(token); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
