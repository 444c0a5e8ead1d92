package auth_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/golang-jwt/jwt/v5"
	"github.com/stretchr/testify/require"

	"github.com/brickboard/brickboard/transport/auth"
)

func TestVerifier_Authenticate(t *testing.T) {
	t.Parallel()
	at := newClock()
	v := newVerifier(t, auth.Config{Secret: []byte(secret), Now: at.Now})
	good, other := hs256(t, at.with(nil)), hs256(t, at.with(jwt.MapClaims{"sub": "other"}))
	expired := hs256(t, at.with(jwt.MapClaims{"exp": at.Now().Unix()}))
	const cookie = auth.CookieName + "="
	for name, test := range map[string]struct {
		headers    http.Header
		reason     auth.Reason // "" where it is good
		collector  string
		fromCookie bool
	}{
		"Bearer":               {http.Header{"Authorization": {"Bearer " + good}}, "", sub, false},
		"BearerInLowerCase":    {http.Header{"Authorization": {"bearer " + good}}, "", sub, false},
		"BearerInUpperCase":    {http.Header{"Authorization": {"BEARER  " + good}}, "", sub, false},
		"Cookie":               {http.Header{"Cookie": {cookie + good}}, "", sub, true},
		"CookieAmongOthers":    {http.Header{"Cookie": {"a=b; " + cookie + good + "; brickboard_token2=x"}}, "", sub, true},
		"BearerBeforeCookie":   {http.Header{"Authorization": {"Bearer " + other}, "Cookie": {cookie + good}}, "", "other", false},
		"BearerBeforeCookies":  {http.Header{"Authorization": {"Bearer " + other}, "Cookie": {cookie + good + "; " + cookie + good}}, "", "other", false},
		"Neither":              {http.Header{}, auth.Absent, "", false},
		"OtherCookiesOnly":     {http.Header{"Cookie": {"Brickboard_Token=" + good}}, auth.Absent, "", false},
		"EmptyCookie":          {http.Header{"Cookie": {cookie}}, auth.Absent, "", true},
		"WrongCookie":          {http.Header{"Cookie": {cookie + expired}}, auth.Expired, "", true},
		"TwoCookies":           {http.Header{"Cookie": {cookie + good + "; " + cookie + other}}, auth.Ambiguous, "", true},
		"TwoCookieHeaders":     {http.Header{"Cookie": {cookie + other, cookie + good}}, auth.Ambiguous, "", true},
		"SameCookieTwice":      {http.Header{"Cookie": {cookie + good + "; " + cookie + good}}, auth.Ambiguous, "", true},
		"WrongBearerNoCookie":  {http.Header{"Authorization": {"Bearer " + expired}, "Cookie": {cookie + good}}, auth.Expired, "", false},
		"TwoHeaders":           {http.Header{"Authorization": {"Bearer " + good, "Bearer " + good}}, auth.Ambiguous, "", false},
		"TwoHeadersNoCookie":   {http.Header{"Authorization": {"Bearer " + good, ""}, "Cookie": {cookie + good}}, auth.Ambiguous, "", false},
		"EmptyHeaderNoCookie":  {http.Header{"Authorization": {""}, "Cookie": {cookie + good}}, auth.Malformed, "", false},
		"BearerWithNothing":    {http.Header{"Authorization": {"Bearer"}, "Cookie": {cookie + good}}, auth.Malformed, "", false},
		"BearerWithBlanks":     {http.Header{"Authorization": {"Bearer   "}}, auth.Malformed, "", false},
		"BearerWithTab":        {http.Header{"Authorization": {"Bearer\t" + good}}, auth.Malformed, "", false},
		"BearerAndMore":        {http.Header{"Authorization": {"Bearer " + good + " x"}}, auth.Malformed, "", false},
		"TwoTokensInOneHeader": {http.Header{"Authorization": {"Bearer " + good + ", Bearer " + good}}, auth.Malformed, "", false},
		"Basic":                {http.Header{"Authorization": {"Basic dXNlcjpwYXNz"}, "Cookie": {cookie + good}}, auth.Malformed, "", false},
		"BasicWithToken":       {http.Header{"Authorization": {"Basic " + good}}, auth.Malformed, "", false},
		"TokenAlone":           {http.Header{"Authorization": {good}}, auth.Malformed, "", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := httptest.NewRequest(http.MethodGet, "/api/dashboard?token="+good, nil)
			r.Header = test.headers
			id, fromCookie, err := v.Authenticate(r)
			require.Equal(t, test.fromCookie, fromCookie)
			if test.reason != "" {
				refused(t, test.reason, id, err)
				return
			}
			require.NoError(t, err)
			require.EqualValues(t, test.collector, id.Collector)
		})
	}
}
