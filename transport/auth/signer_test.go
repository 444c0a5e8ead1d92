package auth_test

import (
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/stretchr/testify/require"

	"github.com/brickboard/brickboard/domain"
	"github.com/brickboard/brickboard/transport/auth"
)

func TestSigner_Sign(t *testing.T) {
	t.Parallel()
	at := newClock()
	at.Move(700 * time.Millisecond)
	t.Run("IsVerified", func(t *testing.T) {
		t.Parallel()
		v := newVerifier(t, auth.Config{Secret: []byte(secret), Issuer: "issuer", Audience: "board", Now: at.Now})
		token, expires, err := auth.NewSigner([]byte(secret), "issuer", "board", at.Now).Sign("積木|1", []string{"a", auth.ScopeReadAny}, time.Hour)
		require.NoError(t, err)
		require.Equal(t, at.Now().Add(time.Hour).Truncate(time.Second).UTC(), expires)
		id, err := v.Verify(token)
		require.NoError(t, err)
		require.EqualValues(t, "積木|1", id.Collector)
		require.Equal(t, expires, id.ExpiresAt)
		require.True(t, id.Has("a"))
		require.True(t, id.Has(auth.ScopeReadAny))
	})
	t.Run("NamesNothingThatIsNotSet", func(t *testing.T) {
		t.Parallel()
		token, _, err := auth.NewSigner([]byte(secret), "", "", at.Now).Sign(sub, nil, time.Second)
		require.NoError(t, err)
		claims := jwt.MapClaims{}
		_, _, err = jwt.NewParser().ParseUnverified(token, claims)
		require.NoError(t, err)
		require.Equal(t, jwt.MapClaims{
			"sub": sub, "iat": float64(at.Now().Unix()), "exp": float64(at.Now().Unix() + 1),
		}, claims)
	})
	for name, test := range map[string]struct {
		secret    string
		collector domain.CollectorID
		scopes    []string
		ttl       time.Duration
		says      string
	}{
		"ShortSecret":    {secret[:31], sub, nil, time.Hour, "at least 32"},
		"NoCollector":    {secret, "", nil, time.Hour, "collector"},
		"NotText":        {secret, "a\xff", nil, time.Hour, "collector"},
		"ScopeWithSpace": {secret, sub, []string{"a b"}, time.Hour, "scope"},
		"NoTime":         {secret, sub, nil, 0, "at least a second"},
		"HalfASecond":    {secret, sub, nil, time.Second / 2, "at least a second"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			token, _, err := auth.NewSigner([]byte(test.secret), "", "", at.Now).Sign(test.collector, test.scopes, test.ttl)
			require.ErrorContains(t, err, test.says)
			require.NotContains(t, err.Error(), test.secret)
			require.Empty(t, token)
		})
	}
}
