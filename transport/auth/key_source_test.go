package auth_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/brickboard/brickboard/transport/auth"
)

// pass lets virtual time pass inside a synctest bubble, and what it sets off come to rest.
func pass(d time.Duration) {
	<-time.After(d)
	synctest.Wait()
}

func TestVerifier_KeyFile(t *testing.T) {
	t.Parallel()
	old, fresh := ecKey(t), ecKey(t)
	at := newClock()
	claims := at.with(nil)
	oldToken, freshToken := old.sign(t, "old", claims), fresh.sign(t, "fresh", claims)
	both, onlyFresh := keySet(t, old.jwk(t, "old"), fresh.jwk(t, "fresh")), keySet(t, fresh.jwk(t, "fresh"))

	t.Run("ChangeIsFollowed", func(t *testing.T) {
		t.Parallel()
		path := keyFile(t, old.jwk(t, "old"))
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			v, log := newLoggedVerifier(t, ctx, auth.Config{Now: at.Now, JWKSFile: path})
			_, err := v.Verify(oldToken)
			require.NoError(t, err)

			writeFile(t, path, onlyFresh)
			pass(2 * time.Second)
			id, err := v.Verify(oldToken)
			refused(t, auth.UnknownKey, id, err) // though it was known
			_, err = v.Verify(freshToken)
			require.NoError(t, err)

			writeFile(t, path, `{"keys":[]}`)
			pass(2 * time.Second)
			id, err = v.Verify(freshToken)
			refused(t, auth.UnknownKey, id, err)
			require.Equal(t, 3, log.Count("token keys loaded"))
			cancel()
			synctest.Wait()
		})
	})
	t.Run("BrokenOrAbsentLeavesTheKeys", func(t *testing.T) {
		t.Parallel()
		path := keyFile(t, old.jwk(t, "old"))
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			v, log := newLoggedVerifier(t, ctx, auth.Config{Now: at.Now, JWKSFile: path})
			for _, breaking := range []func(){
				func() { writeFile(t, path, both[:len(both)/2]) },
				func() { require.NoError(t, os.Remove(path)) },
			} {
				breaking()
				pass(time.Minute) // thirty polls
				_, err := v.Verify(oldToken)
				require.NoError(t, err)
			}
			require.Equal(t, 2, log.Count("token keys not read"), "a lasting failure is told once: %s", log)
			writeFile(t, path, both)
			pass(2 * time.Second)
			_, err := v.Verify(freshToken)
			require.NoError(t, err)
			cancel()
			synctest.Wait()
		})
	})
	t.Run("UnknownKidIsReadAtOnce", func(t *testing.T) {
		t.Parallel()
		path := keyFile(t, old.jwk(t, "old"))
		v := newVerifier(t, auth.Config{Now: at.Now, JWKSFile: path})
		writeFile(t, path, both)
		_, err := v.Verify(freshToken)
		require.NoError(t, err)
	})
}

// issuer serves a key set and counts how often it is asked.
type issuer struct {
	*httptest.Server
	asked  atomic.Int64
	mu     sync.Mutex
	answer func(http.ResponseWriter)
}

func newIssuer(t *testing.T) *issuer {
	i := &issuer{}
	i.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		i.asked.Add(1)
		i.mu.Lock()
		defer i.mu.Unlock()
		i.answer(w)
	}))
	t.Cleanup(i.Close)
	return i
}

func (i *issuer) serve(answer func(http.ResponseWriter)) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.answer = answer
}

func (i *issuer) serveText(text string) {
	i.serve(func(w http.ResponseWriter) { _, _ = w.Write([]byte(text)) })
}

func (i *issuer) serveStatus(status int) {
	i.serve(func(w http.ResponseWriter) { w.Header().Set("Location", "/elsewhere"); w.WriteHeader(status) })
}

func TestVerifier_KeyURL(t *testing.T) {
	t.Parallel()
	for name, pair := range kinds(t) {
		t.Run("Good"+name, func(t *testing.T) {
			t.Parallel()
			at, keys := newClock(), newIssuer(t)
			keys.serveText(keySet(t, pair.jwk(t, "kid")))
			v := newVerifier(t, auth.Config{Now: at.Now, JWKSURL: keys.URL})
			_, err := v.Verify(pair.sign(t, "kid", at.with(nil)))
			require.NoError(t, err)
			require.EqualValues(t, 1, keys.asked.Load())
		})
	}
	t.Run("RotationIsFollowed", func(t *testing.T) {
		t.Parallel()
		at, keys, old, fresh := newClock(), newIssuer(t), edKey(t), edKey(t)
		keys.serveText(keySet(t, old.jwk(t, "old")))
		v := newVerifier(t, auth.Config{Now: at.Now, JWKSURL: keys.URL})
		oldToken := old.sign(t, "old", at.with(nil))
		_, err := v.Verify(oldToken)
		require.NoError(t, err)

		keys.serveText(keySet(t, fresh.jwk(t, "fresh")))
		freshToken := fresh.sign(t, "fresh", at.with(nil))
		var all sync.WaitGroup
		for range 8 { // all who come during the read share it
			all.Go(func() {
				if _, err := v.Verify(freshToken); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		require.EqualValues(t, 2, keys.asked.Load())
		id, err := v.Verify(oldToken)
		refused(t, auth.UnknownKey, id, err)
	})
	t.Run("WithdrawnKeyEndsWithTheNextPoll", func(t *testing.T) {
		t.Parallel()
		at, keys, pair := newClock(), newIssuer(t), edKey(t)
		keys.serveText(keySet(t, pair.jwk(t, "kid")))
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			v, _ := newLoggedVerifier(t, ctx, auth.Config{Now: at.Now, JWKSURL: keys.URL})
			token := pair.sign(t, "kid", at.with(nil))
			_, err := v.Verify(token)
			require.NoError(t, err)
			keys.serveText(`{"keys":[]}`)
			pass(time.Minute)
			id, err := v.Verify(token)
			refused(t, auth.UnknownKey, id, err)
			cancel()
			synctest.Wait()
		})
	})
	t.Run("MadeUpKidsAskSeldom", func(t *testing.T) {
		t.Parallel()
		at, keys, pair := newClock(), newIssuer(t), edKey(t)
		keys.serveText(keySet(t, pair.jwk(t, "kid")))
		v := newVerifier(t, auth.Config{Now: at.Now, JWKSURL: keys.URL})
		for second := range 20 {
			for _, kid := range []string{"a", "b", "c"} {
				id, err := v.Verify(pair.sign(t, kid, at.with(nil)))
				refused(t, auth.UnknownKey, id, err)
			}
			require.EqualValues(t, 2+second/10, keys.asked.Load())
			at.Move(time.Second)
		}
	})
	t.Run("OutageSignsNobodyOut", func(t *testing.T) {
		t.Parallel()
		at, keys, pair := newClock(), newIssuer(t), edKey(t)
		keys.serveText(keySet(t, pair.jwk(t, "kid")))
		v, log := newLoggedVerifier(t, t.Context(), auth.Config{Now: at.Now, JWKSURL: keys.URL})
		for _, breaking := range []func(){
			func() { keys.serveStatus(http.StatusInternalServerError) },
			func() { keys.serveStatus(http.StatusFound) },
			func() { keys.serveText("<html>") },
			func() { keys.serveText(`{"keys":[]}` + strings.Repeat(" ", 2<<20)) },
		} {
			breaking()
			id, err := v.Verify(pair.sign(t, "made up", at.with(nil))) // makes it ask
			refused(t, auth.UnknownKey, id, err)
			at.Move(10 * time.Second)
			_, err = v.Verify(pair.sign(t, "kid", at.with(nil)))
			require.NoError(t, err)
		}
		require.Equal(t, 4, log.Count("token keys not read"), "%s", log)
		require.EqualValues(t, 5, keys.asked.Load(), "a redirect was followed")
	})
	t.Run("AwayAtTheStart", func(t *testing.T) {
		t.Parallel()
		at, keys, pair := newClock(), newIssuer(t), edKey(t)
		keys.serveStatus(http.StatusServiceUnavailable)
		v := newVerifier(t, auth.Config{Now: at.Now, JWKSURL: keys.URL})
		token := pair.sign(t, "kid", at.with(nil))
		id, err := v.Verify(token)
		refused(t, auth.UnknownKey, id, err)
		keys.serveText(keySet(t, pair.jwk(t, "kid")))
		at.Move(10 * time.Second)
		_, err = v.Verify(token)
		require.NoError(t, err)
	})
	t.Run("BesideAFileAndASecret", func(t *testing.T) {
		t.Parallel()
		at, keys, here, there := newClock(), newIssuer(t), edKey(t), edKey(t)
		keys.serveText(keySet(t, there.jwk(t, "kid"))) // the same kid as in the file
		v := newVerifier(t, auth.Config{
			Now: at.Now, JWKSURL: keys.URL, JWKSFile: keyFile(t, here.jwk(t, "kid")), Secret: []byte(secret),
		})
		for _, token := range []string{here.sign(t, "kid", at.with(nil)), there.sign(t, "kid", at.with(nil)), hs256(t, at.with(nil))} {
			_, err := v.Verify(token)
			require.NoError(t, err)
		}
	})
}
