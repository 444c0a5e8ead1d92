package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"github.com/brickboard/brickboard/transport/live"
)

// Config is read from flags and, where a flag is absent, from the environment variable of the same name: the flag
// --data-dir is BRICKBOARD_DATA_DIR.
type Config struct {
	DatabaseURL string // empty: an embedded PostgreSQL under DataDir
	DataDir     string
	PostgresBin string // folder of initdb, pg_ctl and postgres; empty: searched

	Listen      string // host:port; port 0 takes a free one
	AdminListen string
	TLSCert     string // PEM files; both or none
	TLSKey      string

	JWTSecret      string
	JWKSURL        string
	JWKSFile       string
	JWTIssuer      string // empty: not required in tokens
	JWTAudience    string
	AllowedOrigins []string // empty: same origin only

	Broker    string // postgres
	LogLevel  string // debug, info, warn, error
	LogFormat string // text or json; empty: text on a terminal, else json

	HTTPConnections       int           // database connections for requests, at most
	ProjectionConnections int           // database connections of the engine, at most
	LiveConnections       int           // database connections of the sockets, at most
	Live                  live.Config   // of the sockets
	CacheBytes            int64         // encoded dashboards kept in memory; 0 keeps none
	BatchSize             int           // events projected at once, at most
	PollInterval          time.Duration // after which a topic is read without a wake-up
	Retention             time.Duration // how long projected events are kept at least
	StallTimeout          time.Duration // after which events that are not projected make the server unready
	RequestTimeout        time.Duration
	ShutdownTimeout       time.Duration
}

// environmentPrefix begins every variable.
const environmentPrefix = "BRICKBOARD_"

func (c *Config) register(f *pflag.FlagSet) {
	f.StringVar(&c.DatabaseURL, "database-url", "", "PostgreSQL to use instead of an embedded one, as postgres://…")
	f.StringVar(&c.DataDir, "data-dir", ".brickboard", "where the embedded PostgreSQL keeps its files")
	f.StringVar(&c.PostgresBin, "postgres-bin", "", "folder of the PostgreSQL binaries to embed (default: searched)")
	f.StringVar(&c.Listen, "listen", "127.0.0.1:8080", "address of pages, API and sockets")
	f.StringVar(&c.AdminListen, "admin-listen", "127.0.0.1:8081", "address of metrics, health in detail and profiles")
	f.StringVar(&c.TLSCert, "tls-cert", "", "certificate file (PEM), to serve HTTPS")
	f.StringVar(&c.TLSKey, "tls-key", "", "key file (PEM) of the certificate")
	f.StringVar(&c.JWTSecret, "jwt-secret", "", "HS256 secret of at least 32 bytes (default with --demo: made and kept in the data folder)")
	f.StringVar(&c.JWKSURL, "jwks-url", "", "keys for RS256, ES256 and EdDSA")
	f.StringVar(&c.JWKSFile, "jwks-file", "", "the same from a file")
	f.StringVar(&c.JWTIssuer, "jwt-issuer", "", "issuer that tokens must name")
	f.StringVar(&c.JWTAudience, "jwt-audience", "", "audience that tokens must name")
	f.StringSliceVar(&c.AllowedOrigins, "allowed-origins", nil, "origins for CORS and sockets, with commas between (default: same origin)")
	f.StringVar(&c.Broker, "broker", "postgres", "what carries events: postgres")
	f.StringVar(&c.LogLevel, "log-level", "info", "debug, info, warn or error")
	f.StringVar(&c.LogFormat, "log-format", "", "text or json (default: text on a terminal, else json)")
	f.IntVar(&c.HTTPConnections, "http-connections", 16, "database connections for requests, at most; as many again for reads of dashboards")
	f.IntVar(&c.ProjectionConnections, "projection-connections", 4, "database connections of the projections, at most")
	f.IntVar(&c.LiveConnections, "live-connections", 6, "database connections of the sockets, at most")
	f.IntVar(&c.Live.SessionsPerCollector, "live-sessions-per-collector", 20, "sockets of one collector, at most")
	f.IntVar(&c.Live.Sessions, "live-sessions", 20_000, "sockets in all, at most")
	f.DurationVar(&c.Live.Spread, "live-spread", 2*time.Second, "over which sockets are told to come back at the end; 0 tells all at once")
	f.Int64Var(&c.CacheBytes, "cache-bytes", 64<<20, "memory for encoded dashboards; 0 keeps none")
	f.IntVar(&c.BatchSize, "batch-size", 20_000, "events projected at once, at most")
	f.DurationVar(&c.PollInterval, "poll-interval", 2*time.Second, "after which events are looked for without a wake-up")
	f.DurationVar(&c.Retention, "retention", 24*time.Hour, "how long projected events are kept at least")
	f.DurationVar(&c.StallTimeout, "stall-timeout", 10*time.Second, "after which projections that stand still make /readyz fail")
	f.DurationVar(&c.RequestTimeout, "request-timeout", 10*time.Second, "after which a request is answered with 503")
	f.DurationVar(&c.ShutdownTimeout, "shutdown-timeout", 10*time.Second, "for requests in work to finish, and projections to stop, at the end")
}

// fillFromEnvironment sets the flags that were not given, and returns what it could not set.
func fillFromEnvironment(f *pflag.FlagSet, env func(string) (string, bool)) (problems []error) {
	f.VisitAll(func(flag *pflag.Flag) {
		name := environmentPrefix + strings.ToUpper(strings.ReplaceAll(flag.Name, "-", "_"))
		value, ok := env(name)
		if !ok || flag.Changed {
			return
		}
		if err := f.Set(flag.Name, value); err != nil {
			problems = append(problems, fmt.Errorf("%s: %w", name, err))
		}
	})
	return problems
}
