// Package auth says who a request speaks for: it checks tokens, takes them from requests, keeps them in a cookie, makes
// them, and decides which origins a browser may bring them from.
//
// A token is a JWT that one configured key allows: HS256 with the secret, RS256, ES256 and EdDSA with the keys of a JWK
// Set. Which keys a token is checked with follows from its algorithm alone, and each key serves exactly one algorithm,
// so no key can be taken for one of another kind. Whatever is wrong with a token, the caller learns ErrUnauthorized;
// the reason is one of a bounded set of words, for the log. No token and no secret is ever logged or part of an error.
package auth
