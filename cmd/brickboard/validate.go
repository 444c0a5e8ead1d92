package main

import (
	"crypto/tls"
	"fmt"
	"net"

	"github.com/brickboard/brickboard/transport/auth"
)

// validate finds what is wrong for every command.
func (c *Config) validate() (problems []error) {
	broken := func(format string, args ...any) { problems = append(problems, fmt.Errorf(format, args...)) }
	if c.DatabaseURL != "" {
		if _, err := parseDatabaseURL(c.DatabaseURL); err != nil {
			problems = append(problems, err)
		}
	}
	for flag, address := range map[string]string{"listen": c.Listen, "admin-listen": c.AdminListen} {
		if _, _, err := net.SplitHostPort(address); err != nil {
			broken("--%s %q: give host and port, such as 127.0.0.1:8080", flag, address)
		}
	}
	if (c.TLSCert == "") != (c.TLSKey == "") {
		broken("--tls-cert and --tls-key belong together: give both or none")
	}
	if c.JWTSecret != "" && len(c.JWTSecret) < 32 {
		broken("--jwt-secret has %d bytes: give at least 32, such as the output of `openssl rand -hex 32`", len(c.JWTSecret))
	}
	if c.Broker != "postgres" {
		broken("--broker %q is not known: give postgres", c.Broker)
	}
	if _, err := logLevel(c.LogLevel); err != nil {
		broken("--log-level %q: give debug, info, warn or error", c.LogLevel)
	}
	if c.LogFormat != "" && c.LogFormat != "text" && c.LogFormat != "json" {
		broken("--log-format %q: give text or json", c.LogFormat)
	}
	if c.HTTPConnections < 1 || c.BatchSize < 1 || c.Live.SessionsPerCollector < 1 || c.Live.Sessions < 1 {
		broken("--http-connections, --batch-size, --live-sessions-per-collector and --live-sessions must be at least 1")
	}
	if c.ProjectionConnections < 2 || c.LiveConnections < 2 { // one may wait for a lock, and another asks who holds it
		broken("--projection-connections and --live-connections must be at least 2")
	}
	if c.PollInterval <= 0 || c.Retention <= 0 || c.StallTimeout <= 0 || c.RequestTimeout <= 0 || c.ShutdownTimeout <= 0 {
		broken("--poll-interval, --retention, --stall-timeout, --request-timeout and --shutdown-timeout must be above zero")
	}
	if c.CacheBytes < 0 || c.Live.Spread < 0 {
		broken("--cache-bytes and --live-spread must not be below zero")
	}
	return problems
}

// validateForRequests finds what is wrong for a server that takes requests: its keys, origins and certificate.
func (c *Config) validateForRequests(demo bool) (problems []error) {
	broken := func(format string, args ...any) { problems = append(problems, fmt.Errorf(format, args...)) }
	keys := auth.Config{JWKSURL: c.JWKSURL, JWKSFile: c.JWKSFile}
	if keys.JWKSURL != "" || keys.JWKSFile != "" {
		if err := keys.Validate(); err != nil {
			problems = append(problems, err)
		}
	} else if c.JWTSecret == "" && !demo {
		broken("no key to check tokens with: set BRICKBOARD_JWT_SECRET, BRICKBOARD_JWKS_URL or BRICKBOARD_JWKS_FILE, or start with --demo, which makes a secret")
	}
	if _, err := auth.NewOrigins(c.AllowedOrigins); err != nil {
		broken("--allowed-origins: %w", err)
	}
	if c.TLSCert != "" && c.TLSKey != "" {
		if _, err := tls.LoadX509KeyPair(c.TLSCert, c.TLSKey); err != nil {
			broken("--tls-cert, --tls-key: %w", err)
		}
	}
	return problems
}
