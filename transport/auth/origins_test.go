package auth_test

import (
	"crypto/tls"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/brickboard/brickboard/transport/auth"
)

func TestOrigins_Allows(t *testing.T) {
	t.Parallel()
	configured := []string{"https://app.example", "HTTPS://Other.Example:443", "http://localhost:5173", "http://[::1]:80"}
	for name, test := range map[string]struct {
		allowed []string
		host    string
		overTLS bool
		origin  string
		want    bool
	}{
		"SameOrigin":               {nil, "bricks.example", false, "http://bricks.example", true},
		"SameOriginPort":           {nil, "127.0.0.1:8080", false, "http://127.0.0.1:8080", true},
		"SameOriginOverTLS":        {nil, "bricks.example", true, "https://bricks.example", true},
		"SameOriginDefaultPort":    {nil, "bricks.example:443", true, "https://bricks.example", true},
		"SameOriginIPv6":           {nil, "[::1]:8080", false, "http://[::1]:8080", true},
		"SameOriginHostInCapitals": {nil, "Bricks.Example", false, "http://bricks.example", true},
		"SameOriginConfiguredToo":  {configured, "bricks.example", false, "http://bricks.example", true},
		"OtherScheme":              {nil, "bricks.example", true, "http://bricks.example", false},
		"OtherSchemeWithoutTLS":    {nil, "bricks.example", false, "https://bricks.example", false},
		"OtherPort":                {nil, "bricks.example:8080", false, "http://bricks.example:8081", false},
		"OtherDefaultPort":         {nil, "bricks.example:443", false, "http://bricks.example", false},
		"OtherHost":                {nil, "bricks.example", false, "http://evil.example", false},
		"LongerHost":               {nil, "bricks.example", false, "http://bricks.example.evil.example", false},
		"Subdomain":                {nil, "bricks.example", false, "http://a.bricks.example", false},
		"LoopbackByName":           {nil, "127.0.0.1:8080", false, "http://localhost:8080", false},
		"Configured":               {configured, "bricks.example", false, "https://app.example", true},
		"ConfiguredInCapitals":     {configured, "bricks.example", false, "https://other.example", true},
		"ConfiguredPort":           {configured, "bricks.example", false, "http://localhost:5173", true},
		"ConfiguredIPv6":           {configured, "bricks.example", false, "http://[::1]", true},
		"ConfiguredOtherScheme":    {configured, "bricks.example", false, "http://app.example", false},
		"ConfiguredOtherPort":      {configured, "bricks.example", false, "https://app.example:8443", false},
		"ConfiguredAsSuffix":       {configured, "bricks.example", false, "https://evil-app.example", false},
		"ConfiguredAsUser":         {configured, "bricks.example", false, "https://app.example@evil.example", false},
		"WithPath":                 {configured, "bricks.example", false, "https://app.example/", false},
		"Null":                     {configured, "bricks.example", false, "null", false},
		"NullAsHost":               {configured, "null", false, "null", false},
		"Empty":                    {configured, "bricks.example", false, "", false},
		"EmptyHost":                {nil, "", false, "http://", false},
		"Wildcard":                 {configured, "*", false, "*", false},
		"NoURL":                    {configured, "bricks.example", false, "https://app.example:port", false},
		"Extension":                {configured, "bricks.example", false, "chrome-extension://app.example", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			origins, err := auth.NewOrigins(test.allowed)
			require.NoError(t, err)
			r := httptest.NewRequest(http.MethodPost, "/api/mocs", nil)
			r.Host, r.Header = test.host, http.Header{"Origin": {test.origin}}
			if test.overTLS {
				r.TLS = &tls.ConnectionState{}
			}
			require.Equal(t, test.want, origins.Allows(r))
			r.Header = http.Header{"Origin": {test.origin, test.origin}}
			require.False(t, origins.Allows(r), "several headers")
			r.Header = http.Header{}
			require.True(t, origins.Allows(r), "no header")
		})
	}
}

func TestNewOrigins_RefusesConfiguration(t *testing.T) {
	t.Parallel()
	for text, says := range map[string]string{
		"*":                           "a wildcard would let every site",
		"https://*.bricks.example":    "without wildcards",
		"null":                        "not an origin",
		"":                            "not an origin",
		"bricks.example":              "not an origin",
		"//bricks.example":            "not an origin",
		"https://":                    "not an origin",
		"https://:443":                "not an origin",
		"ws://bricks.example":         "not an origin",
		"https://bricks.example:x":    "not an origin",
		"https://bricks.example/":     "no slash at its end",
		"https://bricks.example/path": "no slash at its end",
		"https://bricks.example?a=b":  "no user, path, query",
		"https://bricks.example#a":    "no user, path, query",
		"https://me@bricks.example":   "no user, path, query",
		" https://bricks.example":     "not an origin",
		"https://bücher.example":      "in ASCII",
	} {
		origins, err := auth.NewOrigins([]string{"https://good.example", text})
		require.ErrorContains(t, err, says, text)
		require.Nil(t, origins)
		require.NotContains(t, err.Error(), "good.example")
	}
	_, err := auth.NewOrigins([]string{"*", "null"})
	require.ErrorContains(t, err, `"*"`)
	require.ErrorContains(t, err, `"null"`)
}
