package rest

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/brickboard/brickboard/transport/auth"
)

func setCookie(t *testing.T, a *answer) *http.Cookie {
	t.Helper()
	cookie, err := http.ParseSetCookie(a.Header.Get("Set-Cookie"))
	require.NoError(t, err)
	return cookie
}

func TestSession_CookieFromBearer(t *testing.T) {
	t.Parallel()
	b := setup(t)
	token := b.token(t, "alice")
	a := b.send(t, request{method: "POST", path: "/api/session", header: header("Authorization", "Bearer  "+token)})
	a.requireStatus(t, 200)
	cookie := setCookie(t, a)
	require.Equal(t, auth.CookieName, cookie.Name)
	require.Equal(t, token, cookie.Value)
	require.True(t, cookie.HttpOnly)
	require.False(t, cookie.Secure)
	require.Equal(t, http.SameSiteStrictMode, cookie.SameSite)
	require.Equal(t, "/", cookie.Path)
	require.WithinDuration(t, time.Now().Add(time.Hour), cookie.Expires, time.Minute)

	with := "brickboard_token=" + cookie.Value
	who := b.get(t, "", "/api/session", "Cookie", with).requireStatus(t, 200)
	require.Equal(t, a.Body, who.Body)
	require.Regexp(t, `^\{"userId":"alice","expiresAt":"[^"]+:\d\d\.000Z"\}$`, string(who.Body))
	require.Equal(t, "no-store", who.Header.Get("Cache-Control"))

	byCookie := b.post(t, "", "/api/session", "", "Cookie", with).requireStatus(t, 401)
	require.Empty(t, byCookie.Header.Values("Set-Cookie"))
}

func TestSession_End(t *testing.T) {
	t.Parallel()
	b := setup(t)
	expired, _, err := auth.NewSigner([]byte(secret), "", "", func() time.Time { return time.Now().Add(-time.Hour) }).
		Sign("alice", nil, time.Minute)
	require.NoError(t, err)
	end := func(headers ...string) *answer {
		return b.send(t, request{method: "DELETE", path: "/api/session", header: header(headers...)})
	}
	for _, a := range []*answer{end(), end("Cookie", auth.CookieName+"="+expired), end("Cookie", auth.CookieName+"=?", "Origin", b.server.URL)} {
		cookie := setCookie(t, a.requireStatus(t, 204))
		require.Equal(t, auth.CookieName, cookie.Name)
		require.Empty(t, cookie.Value)
		require.Negative(t, cookie.MaxAge)
	}
	foreign := end("Origin", "https://evil.example").requireStatus(t, 403)
	require.Empty(t, foreign.Header.Values("Set-Cookie"))
}

func TestSession_Demo(t *testing.T) {
	t.Parallel()
	b := setup(t)
	a := b.post(t, "", "/api/demo/session", "").requireStatus(t, 200)
	var session struct{ Token, UserID string }
	a.decode(t, &session)
	require.Equal(t, "demo", session.UserID)
	require.Equal(t, session.Token, setCookie(t, a).Value)
	b.get(t, "", "/api/dashboard", "Authorization", "Bearer "+session.Token).requireStatus(t, 200)
	foreign := b.post(t, "", "/api/demo/session", "", "Origin", "https://evil.example").requireStatus(t, 403)
	require.Empty(t, foreign.Header.Values("Set-Cookie"), "no site may sign a collector in as another")
}

func TestSession_SecureOverTLS(t *testing.T) {
	t.Parallel()
	b := setup(t)
	secure := httptest.NewTLSServer(b.server.Config.Handler)
	t.Cleanup(secure.Close)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, secure.URL+"/api/demo/session", nil)
	require.NoError(t, err)
	response, err := secure.Client().Do(r)
	require.NoError(t, err)
	defer response.Body.Close()
	require.Len(t, response.Cookies(), 1)
	require.True(t, response.Cookies()[0].Secure)
}
