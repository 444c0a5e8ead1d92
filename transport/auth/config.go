package auth

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"time"
)

// minSecret is in bytes: HS256 is as strong as its secret is long, up to the 32 bytes of its hash.
const minSecret = 32

// Config says which tokens are good. At least one of Secret, JWKSURL and JWKSFile is needed; all may be set.
type Config struct {
	Secret   []byte           // of HS256, at least 32 bytes; none: HS256 is refused
	JWKSURL  string           // https, or http on a loopback address: keys of RS256, ES256 and EdDSA
	JWKSFile string           // keys of the same kinds, read again when the file changes
	Issuer   string           // the iss that a token must have; none: any or none
	Audience string           // the aud that a token must have, alone or among others; none: any or none
	Now      func() time.Time // nil: time.Now
}

// Validate names everything that is wrong, and what to do about it. It reads the key file, and asks no URL.
func (c Config) Validate() error {
	var problems []error
	if len(c.Secret) == 0 && c.JWKSURL == "" && c.JWKSFile == "" {
		problems = append(problems, errors.New(
			"no key to check tokens with: set BRICKBOARD_JWT_SECRET, BRICKBOARD_JWKS_URL or BRICKBOARD_JWKS_FILE"))
	}
	if len(c.Secret) > 0 {
		problems = append(problems, checkSecret(c.Secret))
	}
	if c.JWKSURL != "" {
		problems = append(problems, checkJWKSURL(c.JWKSURL))
	}
	if c.JWKSFile != "" {
		problems = append(problems, checkJWKSFile(c.JWKSFile))
	}
	return errors.Join(problems...)
}

func checkSecret(secret []byte) error {
	if len(secret) < minSecret {
		return fmt.Errorf("the JWT secret has %d bytes and needs at least %d: set BRICKBOARD_JWT_SECRET to the output of `openssl rand -base64 48`",
			len(secret), minSecret)
	}
	return nil
}

// checkJWKSURL quotes nothing of the address, which may hold a password where it must not.
func checkJWKSURL(address string) error {
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Hostname() == "" || u.Fragment != "":
		return errors.New("BRICKBOARD_JWKS_URL is not an address such as https://issuer.example/.well-known/jwks.json")
	case u.User != nil:
		return errors.New("BRICKBOARD_JWKS_URL must not hold a user name or password: keys are public")
	case u.Scheme == "https" || u.Scheme == "http" && isLoopback(u.Hostname()):
		return nil
	}
	return errors.New("BRICKBOARD_JWKS_URL must begin with https:// (http:// on a loopback address only): whoever changes the keys on their way signs tokens")
}

func checkJWKSFile(path string) error {
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return nil // a pipe can be read only once
	}
	raw, err := readFile(path)
	if err == nil {
		_, _, err = parseKeys(raw)
	}
	if err != nil {
		return fmt.Errorf("read token keys from %s: %w", path, err)
	}
	return nil
}

func isLoopback(host string) bool {
	return host == "localhost" || net.ParseIP(host).IsLoopback()
}
