package auth_test

import (
	"crypto/tls"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/brickboard/brickboard/transport/auth"
)

func TestCookie_Attributes(t *testing.T) {
	t.Parallel()
	expires := time.Date(2031, 5, 4, 12, 0, 0, 0, time.UTC)
	for name, test := range map[string]struct {
		tls    *tls.ConnectionState
		origin string
		secure string
	}{
		"Plain":           {nil, "", ""},
		"PlainPage":       {nil, "http://bricks.example", ""},
		"OverTLS":         {&tls.ConnectionState{}, "", "; Secure"},
		"BehindATLSProxy": {nil, "https://bricks.example", "; Secure"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := httptest.NewRequest(http.MethodPost, "/api/session", nil)
			r.TLS = test.tls
			if test.origin != "" {
				r.Header.Set("Origin", test.origin)
			}
			w := httptest.NewRecorder()
			auth.SetCookie(w, r, "a.b-c._d", expires)
			auth.ClearCookie(w, r)
			require.Equal(t, []string{
				"brickboard_token=a.b-c._d; Path=/; Expires=Sun, 04 May 2031 12:00:00 GMT; HttpOnly" + test.secure + "; SameSite=Strict",
				"brickboard_token=; Path=/; Max-Age=0; HttpOnly" + test.secure + "; SameSite=Strict",
			}, w.Header().Values("Set-Cookie"))
		})
	}
}

func TestCookie_RoundTrip(t *testing.T) {
	t.Parallel()
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	site, err := url.Parse("http://bricks.example/")
	require.NoError(t, err)
	v := newVerifier(t, auth.Config{Secret: []byte(secret)})
	token, expires, err := auth.NewSigner([]byte(secret), "", "", nil).Sign(sub, nil, time.Hour)
	require.NoError(t, err)
	// send is the browser: it keeps what it is told and sends what it kept.
	send := func(answer func(http.ResponseWriter, *http.Request)) (auth.Identity, error) {
		r, w := httptest.NewRequest(http.MethodGet, "/api/dashboard", nil), httptest.NewRecorder()
		answer(w, r)
		jar.SetCookies(site, w.Result().Cookies())
		for _, cookie := range jar.Cookies(site) {
			r.AddCookie(cookie)
		}
		id, _, err := v.Authenticate(r)
		return id, err
	}
	id, err := send(func(w http.ResponseWriter, r *http.Request) { auth.SetCookie(w, r, token, expires) })
	require.NoError(t, err)
	require.EqualValues(t, sub, id.Collector)
	require.Equal(t, expires, id.ExpiresAt)
	id, err = send(auth.ClearCookie)
	refused(t, auth.Absent, id, err)
}
