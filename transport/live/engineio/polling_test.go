package engineio

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

func TestPolling_ParksUntilSend(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv, made := listener(Config{})
		h := openPolling(t, srv, made)
		answer := pollLater(t, srv, h.session)
		synctest.Wait()
		require.True(t, h.session.Send(Text([]byte("a")), Binary([]byte{1})))
		w := <-answer
		answered(t, w, http.StatusOK, "4a\x1ebAQ==")
		require.Equal(t, "text/plain; charset=UTF-8", w.Header().Get("Content-Type"))
		require.Equal(t, "no-store", w.Header().Get("Cache-Control"))
		h.session.Cut("done")
	})
}

func TestPolling_Heartbeat(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv, made := listener(Config{PingInterval: 15 * time.Second, PingTimeout: 10 * time.Second})
		h := openPolling(t, srv, made)
		for range 3 {
			began := time.Now()
			answered(t, poll(t, srv, h.session), http.StatusOK, "2")
			require.Equal(t, 15*time.Second, time.Since(began))
			time.Sleep(9 * time.Second) // virtual time; an answer within the timeout is in time
			answered(t, post(t, srv, h.session, "3"), http.StatusOK, "ok")
		}
		answered(t, poll(t, srv, h.session), http.StatusOK, "2")
		began := time.Now()
		answered(t, poll(t, srv, h.session), http.StatusOK, "1")
		require.Equal(t, 10*time.Second, time.Since(began))
		require.Equal(t, PingTimeout, <-h.ended)
		answered(t, poll(t, srv, h.session), http.StatusBadRequest, "")
	})
}

func TestPolling_ExpiredByTheClock(t *testing.T) {
	t.Parallel()
	srv, made := listener(Config{})
	h := openPolling(t, srv, made)
	h.session.mu.Lock() // as if the timer had come late
	h.session.nextPing = time.Now().Add(-20 * time.Second)
	h.session.mu.Unlock()
	answered(t, post(t, srv, h.session, "3"), http.StatusBadRequest, `{"code":1,"message":"Session ID unknown"}`)
	require.Equal(t, PingTimeout, within(t, h.ended))
}

func TestPolling_CloseTellsTheParkedPoll(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv, made := listener(Config{})
		h := openPolling(t, srv, made)
		answer := pollLater(t, srv, h.session)
		synctest.Wait()
		h.session.Close("expired")
		answered(t, <-answer, http.StatusOK, "1")
		require.Equal(t, Reason("expired"), <-h.ended)
		require.Zero(t, srv.Len())
		require.False(t, h.session.Send(Text(nil)))
	})
}

func TestPolling_CloseTellsTheNextPoll(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv, made := listener(Config{CloseTimeout: time.Minute})
		h := openPolling(t, srv, made)
		h.session.Send(Text([]byte("last words")))
		h.session.Close("expired")
		require.Equal(t, Reason("expired"), <-h.ended)
		time.Sleep(59 * time.Second) // virtual time
		answered(t, poll(t, srv, h.session), http.StatusOK, "4last words\x1e1")
		answered(t, poll(t, srv, h.session), http.StatusBadRequest, "")

		h = openPolling(t, srv, made)
		h.session.Close("expired")
		time.Sleep(time.Minute + time.Second) // virtual time
		require.Zero(t, srv.Len())
		answered(t, poll(t, srv, h.session), http.StatusBadRequest, "")
	})
}

func TestPolling_DismissTellsTheParkedPollAlone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv, made := listener(Config{})
		h := openPolling(t, srv, made)
		answer := pollLater(t, srv, h.session)
		synctest.Wait()
		h.session.Dismiss("rude")
		answered(t, <-answer, http.StatusOK, "1")
		require.Equal(t, Reason("rude"), <-h.ended)

		h = openPolling(t, srv, made)
		h.session.Dismiss("rude")
		require.Equal(t, Reason("rude"), <-h.ended)
		require.Zero(t, srv.Len())
		answered(t, poll(t, srv, h.session), http.StatusBadRequest, "")
	})
}

func TestPolling_CutAnswersWithAnError(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv, made := listener(Config{})
		h := openPolling(t, srv, made)
		answer := pollLater(t, srv, h.session)
		synctest.Wait()
		h.session.Cut("slow")
		answered(t, <-answer, http.StatusBadRequest, "")
		require.Equal(t, Reason("slow"), <-h.ended)
	})
}

func TestPolling_ClientCloses(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv, made := listener(Config{})
		h := openPolling(t, srv, made)
		answer := pollLater(t, srv, h.session)
		synctest.Wait()
		answered(t, post(t, srv, h.session, "1"), http.StatusOK, "ok")
		answered(t, <-answer, http.StatusOK, "6")
		require.Equal(t, ClientClosed, <-h.ended)

		h = openPolling(t, srv, made) // the poll was sent before, and comes after
		go func() {
			time.Sleep(crossing / 2) // virtual time
			answered(t, poll(t, srv, h.session), http.StatusOK, "6")
		}()
		answered(t, post(t, srv, h.session, "1"), http.StatusOK, "ok")
		require.Equal(t, ClientClosed, <-h.ended)
		answered(t, poll(t, srv, h.session), http.StatusBadRequest, "")
	})
}

func TestPolling_Overlap(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv, made := listener(Config{})
		h := openPolling(t, srv, made)
		first := pollLater(t, srv, h.session)
		synctest.Wait()
		answered(t, poll(t, srv, h.session), http.StatusBadRequest, `{"code":3,"message":"Bad request"}`)
		answered(t, <-first, http.StatusOK, "1")
		require.Equal(t, Overlap, <-h.ended)

		release := make(chan struct{})
		srv, made = listener(Config{}, func(h *heard) { h.onMessage = func([]byte) { <-release } })
		h = openPolling(t, srv, made)
		posted := make(chan *httptest.ResponseRecorder, 1)
		go func() { posted <- post(t, srv, h.session, "4slow") }()
		synctest.Wait()
		answered(t, post(t, srv, h.session, "4quick"), http.StatusBadRequest, "")
		require.Equal(t, Overlap, <-h.ended)
		close(release)
		answered(t, <-posted, http.StatusOK, "ok")
	})
}

func TestPolling_GoneClient(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv, made := listener(Config{})
		h := openPolling(t, srv, made)
		ctx, cancel := context.WithCancel(t.Context())
		go call(ctx, srv, http.MethodGet, "&sid="+h.session.ID(), "")
		synctest.Wait()
		cancel()
		require.Equal(t, TransportError, <-h.ended)
	})
}

func TestPost_Limits(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv, made := listener(Config{MaxPayload: 10, PacketRate: 4})
		h := openPolling(t, srv, made)
		answered(t, post(t, srv, h.session, "4123456789"), http.StatusOK, "ok")
		answered(t, post(t, srv, h.session, "41234567890"), http.StatusRequestEntityTooLarge, "")
		answered(t, post(t, srv, h.session, "4a\x1e4b\x1e4c"), http.StatusOK, "ok")
		answered(t, post(t, srv, h.session, "4d"), http.StatusOK, "ok")
		require.Equal(t, RateExceeded, <-h.ended)
		require.Len(t, h.messages, 4) // the fifth was one too many
		answered(t, poll(t, srv, h.session), http.StatusBadRequest, "")

		h = openPolling(t, srv, made)
		for range 3 {
			answered(t, post(t, srv, h.session, "4a\x1e4b\x1e4c"), http.StatusOK, "ok")
			time.Sleep(time.Second) // virtual time
		}
		require.Len(t, h.messages, 9)
		h.session.Cut("done")
	})
}

func TestPost_Malformed(t *testing.T) {
	t.Parallel()
	for _, body := range []string{"", "abc", "4ok\x1e", "bAQ", "4\xff", "9"} {
		srv, made := listener(Config{})
		h := openPolling(t, srv, made)
		answered(t, post(t, srv, h.session, body), http.StatusBadRequest, "")
		require.Equal(t, ParseError, within(t, h.ended), "%q", body)
	}
	srv, made := listener(Config{})
	h := openPolling(t, srv, made)
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/?EIO=4&transport=polling&sid="+h.session.ID(),
		strings.NewReader("4a"))
	r.Header.Set("Content-Type", "application/octet-stream")
	w := httptest.NewRecorder()
	srv.ServeHTTP(w, r)
	answered(t, w, http.StatusBadRequest, "")
	require.Equal(t, ParseError, within(t, h.ended))
}

func TestPost_IgnoredAndForbiddenPackets(t *testing.T) {
	t.Parallel()
	srv, made := listener(Config{})
	h := openPolling(t, srv, made)
	answered(t, post(t, srv, h.session, "0{}\x1e5\x1e6\x1e3\x1e4heard"), http.StatusOK, "ok")
	require.Equal(t, "heard", within(t, h.messages))
	answered(t, post(t, srv, h.session, "2"), http.StatusOK, "ok") // the server pings, not the client
	require.Equal(t, ParseError, within(t, h.ended))
}

func TestRequest_OfAnOpenSession(t *testing.T) {
	t.Parallel()
	srv, made := listener(Config{})
	h := openPolling(t, srv, made)
	answered(t, call(t.Context(), srv, http.MethodDelete, "&sid="+h.session.ID(), ""), http.StatusBadRequest, "")
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/?EIO=3&transport=polling&sid="+h.session.ID(), nil)
	w := httptest.NewRecorder()
	srv.ServeHTTP(w, r)
	answered(t, w, http.StatusBadRequest, `{"code":3,"message":"Bad request"}`)
	require.Equal(t, 1, srv.Len())
}
