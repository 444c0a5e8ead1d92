package rest

import (
	"encoding/base64"
	"log/slog"
	"net/http"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/stretchr/testify/require"

	"github.com/brickboard/brickboard/transport/auth"
)

func signed(t *testing.T, method jwt.SigningMethod, key any, claims jwt.MapClaims) string {
	t.Helper()
	token, err := jwt.NewWithClaims(method, claims).SignedString(key)
	require.NoError(t, err)
	return token
}

func TestAuthentication_WrongTokens(t *testing.T) {
	t.Parallel()
	b := setup(t)
	hour, ago := time.Now().Add(time.Hour).Unix(), time.Now().Add(-time.Hour).Unix()
	good := jwt.MapClaims{"sub": "alice", "exp": hour}
	hs256 := func(claims jwt.MapClaims) string {
		return "Bearer " + signed(t, jwt.SigningMethodHS256, []byte(secret), claims)
	}
	for name, authorization := range map[string]string{
		"Absent":         "",
		"NotBearer":      "Basic YWxpY2U6c2VjcmV0",
		"Malformed":      "Bearer abc",
		"AlgNone":        "Bearer " + signed(t, jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, good),
		"OtherAlgorithm": "Bearer " + signed(t, jwt.SigningMethodHS512, []byte(secret), good),
		"WrongKey":       "Bearer " + signed(t, jwt.SigningMethodHS256, []byte("another secret of forty bytes, or more.."), good),
		"Expired":        hs256(jwt.MapClaims{"sub": "alice", "exp": ago}),
		"NoExpiry":       hs256(jwt.MapClaims{"sub": "alice"}),
		"NotYetValid":    hs256(jwt.MapClaims{"sub": "alice", "exp": hour, "nbf": hour}),
		"NoSub":          hs256(jwt.MapClaims{"exp": hour}),
		"ControlInSub":   hs256(jwt.MapClaims{"sub": "a\nb", "exp": hour}),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			q := request{method: http.MethodGet, path: "/api/dashboard", header: header()}
			want := `Bearer realm="brickboard"`
			if authorization != "" {
				q.header.Set("Authorization", authorization)
				want += `, error="invalid_token"`
			}
			a := b.send(t, q).requireStatus(t, http.StatusUnauthorized)
			require.Equal(t, want, a.Header.Get("WWW-Authenticate"))
			require.Equal(t, "this wants a valid token", a.problem(t).Detail) // whatever is wrong with it
		})
	}
}

func TestAuthentication_ExplicitTokenDecidesAlone(t *testing.T) {
	t.Parallel()
	b := setup(t)
	cookie := auth.CookieName + "=" + b.token(t, "alice")
	b.get(t, "", "/api/dashboard", "Cookie", cookie).requireStatus(t, 200)
	b.get(t, "", "/api/dashboard", "Cookie", cookie, "Authorization", "Bearer abc").requireStatus(t, 401)
	b.get(t, "", "/api/dashboard?access_token="+b.token(t, "alice")).requireStatus(t, 401)
}

func TestAuthentication_OriginOfCookies(t *testing.T) {
	t.Parallel()
	b := setup(t)
	own := b.server.URL
	for name, c := range map[string]struct {
		origin string
		bearer bool
		status int
		cors   bool
	}{
		"Program":          {origin: "", status: 201},
		"SameOrigin":       {origin: own, status: 201, cors: true},
		"Allowed":          {origin: "https://bricks.example", status: 201, cors: true},
		"Foreign":          {origin: "https://evil.example", status: 403},
		"Null":             {origin: "null", status: 403},
		"ForeignByBearer":  {origin: "https://evil.example", bearer: true, status: 201},
		"AllowedPrefix":    {origin: "https://bricks.example.evil.example", status: 403},
		"AllowedOtherPort": {origin: "https://bricks.example:8443", status: 403},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			q := request{method: http.MethodPost, path: "/api/mocs", body: mocBody, header: header()}
			if c.origin != "" {
				q.header.Set("Origin", c.origin)
			}
			if c.bearer {
				q.as = name
			} else {
				q.header.Set("Cookie", auth.CookieName+"="+b.token(t, name))
			}
			a := b.send(t, q).requireStatus(t, c.status)
			require.Equal(t, btoi(c.status == 201), b.count(t, "SELECT count(*) FROM mocs WHERE user_id = $1", name))
			if c.cors {
				require.Equal(t, c.origin, a.Header.Get("Access-Control-Allow-Origin"))
				require.Equal(t, "true", a.Header.Get("Access-Control-Allow-Credentials"))
				require.Equal(t, "ETag, Location", a.Header.Get("Access-Control-Expose-Headers"))
			} else {
				require.Empty(t, a.Header.Get("Access-Control-Allow-Origin"))
			}
		})
	}
}

func TestCORS_Preflight(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ask := func(path, origin string) *answer {
		return b.send(t, request{method: http.MethodOptions, path: path, header: header(
			"Origin", origin, "Access-Control-Request-Method", "PATCH", "Access-Control-Request-Headers", "if-match")})
	}
	a := ask("/api/mocs/1", "https://bricks.example").requireStatus(t, 204)
	require.Equal(t, "https://bricks.example", a.Header.Get("Access-Control-Allow-Origin"))
	require.Equal(t, "true", a.Header.Get("Access-Control-Allow-Credentials"))
	require.Contains(t, a.Header.Get("Access-Control-Allow-Methods"), "PATCH")
	require.Equal(t, "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match", a.Header.Get("Access-Control-Allow-Headers"))
	require.Equal(t, "Origin", a.Header.Get("Vary"))
	for _, refused := range []*answer{ask("/api/mocs/1", "https://evil.example"), ask("/livez", "https://bricks.example")} {
		refused.requireStatus(t, 405)
		require.Empty(t, refused.Header.Get("Access-Control-Allow-Origin"))
	}
}

func TestCORS_ErrorsAndReads(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, as := range []string{"alice", ""} {
		a := b.get(t, as, "/api/dashboard", "Origin", "https://bricks.example")
		require.Equal(t, "https://bricks.example", a.Header.Get("Access-Control-Allow-Origin"), "a page reads errors too")
	}
	a := b.get(t, "alice", "/api/dashboard", "Origin", "https://evil.example").requireStatus(t, 200)
	require.Empty(t, a.Header.Get("Access-Control-Allow-Origin"))
	require.Equal(t, []string{"Authorization, Cookie, Accept-Encoding", "Origin"}, a.Header.Values("Vary"))
}

func TestAuthentication_ScopeReadAny(t *testing.T) {
	t.Parallel()
	b := setup(t)
	odd := "auth0|a/b c+d%é"
	path := func(user string) string { return "/api/users/" + user + "/dashboard" }
	escaped := "auth0%7Ca%2Fb%20c+d%25%C3%A9"
	b.exec(t, "INSERT INTO collector_revisions (user_id, revision, summary_revision) VALUES ($1, 7, 7)", odd)

	own := b.get(t, odd, path(escaped)).requireStatus(t, 200)
	require.Regexp(t, `\.7"$`, own.Header.Get("ETag"))
	b.get(t, "alice", path(escaped)).requireStatus(t, 403)
	b.get(t, "alice", path("nobody")).requireStatus(t, 403)
	anybody := "Bearer " + b.token(t, "alice", "profile", auth.ScopeReadAny)
	require.Equal(t, own.Header.Get("ETag"), b.get(t, "", path(escaped), "Authorization", anybody).requireStatus(t, 200).Header.Get("ETag"))
	b.get(t, "", path("nobody"), "Authorization", anybody).requireStatus(t, 200)
	almost := "Bearer " + b.token(t, "alice", auth.ScopeReadAny+"thing")
	b.get(t, "", path(escaped), "Authorization", almost).requireStatus(t, 403)
}

func TestAuthentication_RefusedUnlogged(t *testing.T) {
	t.Parallel()
	b := setup(t)
	token := b.token(t, "alice") + "x"
	b.get(t, "", "/api/dashboard", "Authorization", "Bearer "+token).requireStatus(t, 401)
	for _, line := range b.log.at(slog.LevelDebug) {
		require.NotContains(t, line, token)
		require.NotContains(t, line, base64.RawURLEncoding.EncodeToString([]byte("alice")))
	}
	require.Empty(t, b.log.at(slog.LevelError))
}
