package auth

import (
	"net/http"
	"strings"
	"time"
)

// CookieName is the cookie that carries a token.
const CookieName = "brickboard_token"

// SetCookie keeps the token in the browser until it expires. Browsers drop a cookie above 4 KiB in silence.
func SetCookie(w http.ResponseWriter, r *http.Request, token string, expires time.Time) {
	cookie := newCookie(r)
	cookie.Value, cookie.Expires = token, expires
	http.SetCookie(w, cookie)
}

// ClearCookie makes the browser forget the token.
func ClearCookie(w http.ResponseWriter, r *http.Request) {
	cookie := newCookie(r)
	cookie.MaxAge = -1
	http.SetCookie(w, cookie)
}

// newCookie is Secure where the browser came by TLS: to us, or, as its Origin says, to a proxy before us. An Origin
// that lies can only make the cookie stricter.
func newCookie(r *http.Request) *http.Cookie {
	return &http.Cookie{
		Name: CookieName, Path: "/", HttpOnly: true, SameSite: http.SameSiteStrictMode,
		Secure: r.TLS != nil || strings.HasPrefix(r.Header.Get("Origin"), "https://"),
	}
}
