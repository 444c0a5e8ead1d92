// Package rest serves Brickboard's REST API with gin: it decodes requests, calls commands and readers, and encodes what
// they answer. openapi.yaml is its contract; the types of bodies and the routes are generated from it, and the tests
// hold every answer against it.
//
// Whatever fails is answered in one place (see fail) with an RFC 9457 problem that shows nothing of the inside.
package rest

import _ "embed" // the contract

//go:embed openapi.yaml
var contract string
