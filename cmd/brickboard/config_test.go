package main

import (
	"os/exec"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/brickboard/brickboard/transport/live"
)

func TestRun_Usage(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		args   []string
		env    string
		status int
		says   string
	}{
		"UnknownCommand":  {[]string{"sevre"}, "", 2, "unknown command"},
		"UnknownFlag":     {[]string{"serve", "--lisen", "x"}, "", 2, "unknown flag"},
		"TooManyArgs":     {[]string{"version", "x"}, "", 2, "x"},
		"NoSubcommand":    {[]string{"migrate"}, "", 2, "needs a subcommand"},
		"MissingFlag":     {[]string{"token"}, "", 2, "user"},
		"BadUser":         {[]string{"token", "--user", ""}, "", 2, "255 bytes"},
		"BadEnvironment":  {[]string{"version"}, "BRICKBOARD_POLL_INTERVAL=often", 2, "BRICKBOARD_POLL_INTERVAL"},
		"ShortSecret":     {[]string{"version"}, "BRICKBOARD_JWT_SECRET=short", 2, "at least 32"},
		"UnknownBroker":   {[]string{"version"}, "BRICKBOARD_BROKER=kafka", 2, "postgres"},
		"CertWithoutKey":  {[]string{"version", "--tls-cert", "x"}, "", 2, "belong together"},
		"FlagWins":        {[]string{"version", "--log-level", "info"}, "BRICKBOARD_LOG_LEVEL=loud", 0, ""},
		"NoSuchFile":      {[]string{"import", "sets", "--user", "a", "/no/such/file"}, "", 1, "no such file"},
		"BadDatabaseURL":  {[]string{"migrate", "status", "--database-url", "postgres://u:pass word@:x/"}, "", 2, "--database-url"},
		"NoCertificate":   {[]string{"serve", "--demo", "--tls-cert", "/no/cert", "--tls-key", "/no/key"}, "", 2, "/no/cert: no such file"},
		"Version":         {[]string{"version"}, "", 0, ""},
		"HelpIsNoFailure": {[]string{"help"}, "", 0, ""},
	} {
		cmd := programWith(t, c.args...)
		if c.env != "" {
			cmd.Env = append(cmd.Env, c.env)
		}
		out, err := cmd.CombinedOutput()
		if exit := (*exec.ExitError)(nil); err != nil {
			require.ErrorAs(t, err, &exit, name)
		}
		require.Equal(t, c.status, cmd.ProcessState.ExitCode(), "%s: %s", name, out)
		require.Contains(t, string(out), c.says, name)
		require.NotContains(t, string(out), "pass word", name)
	}
}

// One start shows everything that is wrong, of flags and of the environment.
func TestRun_NamesEveryProblem(t *testing.T) {
	t.Parallel()
	cmd := programWith(t, "serve", "--admin-listen", "y", "--tls-key", "key.pem", "--log-format", "xml", "--batch-size", "0",
		"--live-sessions", "0", "--cache-bytes", "-1", "--live-spread", "-1s", "--database-url", "postgres://u:pass word@:x/",
		"--jwks-url", "http://u:pass-word@issuer.example", "--jwks-file", "/no/keys", "--allowed-origins", "brick.example")
	cmd.Env = append(cmd.Env, "BRICKBOARD_LISTEN=x", "BRICKBOARD_LOG_LEVEL=loud", "BRICKBOARD_JWT_SECRET=short", "BRICKBOARD_BROKER=kafka",
		"BRICKBOARD_POLL_INTERVAL=often", "BRICKBOARD_HTTP_CONNECTIONS=many")
	out, _ := cmd.CombinedOutput()
	require.Equal(t, 2, cmd.ProcessState.ExitCode(), "%s", out)
	for _, problem := range []string{
		`--admin-listen "y"`, "--tls-cert and --tls-key", `--log-format "xml"`, "--batch-size", "--live-sessions", "--cache-bytes and --live-spread",
		"--database-url", "BRICKBOARD_JWKS_URL", "/no/keys: no such file", `"brick.example": not an origin`,
		`--listen "x"`, `--log-level "loud"`, "--jwt-secret has 5 bytes", `--broker "kafka"`, "BRICKBOARD_POLL_INTERVAL", "BRICKBOARD_HTTP_CONNECTIONS",
	} {
		require.Contains(t, string(out), problem)
	}
	require.NotContains(t, string(out), "pass word")
	require.NotContains(t, string(out), "pass-word")
}

func TestConfig_SpreadOfNothingIsAtOnce(t *testing.T) {
	t.Parallel()
	require.Negative(t, Config{}.hub().Spread)
	require.Equal(t, time.Second, Config{Live: live.Config{Spread: time.Second}}.hub().Spread)
}
