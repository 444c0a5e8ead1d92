package live

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"

	"github.com/brickboard/brickboard/domain"
	"github.com/brickboard/brickboard/readmodel"
	"github.com/brickboard/brickboard/transport/auth"
)

func TestPlain_Authentication(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	s := h.serve(t)
	good := h.token(t, "ada")
	cookie := auth.CookieName + "=" + good
	const protocols = "Sec-WebSocket-Protocol"
	for name, c := range map[string]struct {
		header []string
		status int // of the answer; 0: let in
		code   int // of the close
	}{
		"Header":                    {header: []string{"Authorization", "Bearer " + good}},
		"Cookie":                    {header: []string{"Cookie", cookie}},
		"Subprotocol":               {header: []string{protocols, "brickboard.v1, bearer." + good}},
		"OwnOrigin":                 {header: []string{"Cookie", cookie, "Origin", s.URL}},
		"AllowedOrigin":             {header: []string{"Cookie", cookie, "Origin", "https://bricks.example"}},
		"ForeignOrigin":             {header: []string{"Cookie", cookie, "Origin", "https://evil.example"}, status: http.StatusForbidden},
		"ForeignOriginWithAToken":   {header: []string{"Authorization", "Bearer " + good, "Origin", "https://evil.example"}, status: http.StatusForbidden},
		"Absent":                    {status: http.StatusUnauthorized},
		"Wrong":                     {header: []string{"Authorization", "Bearer nonsense"}, status: http.StatusUnauthorized},
		"Expired":                   {header: []string{"Authorization", "Bearer " + expiredToken(t)}, status: http.StatusUnauthorized},
		"WrongHeaderWithGoodCookie": {header: []string{"Authorization", "Bearer nonsense", "Cookie", cookie}, status: http.StatusUnauthorized},
		"WrongPairWithGoodCookie":   {header: []string{protocols, "brickboard.v1, bearer.nonsense", "Cookie", cookie}, code: 4401},
		"WrongPair":                 {header: []string{protocols, "brickboard.v1, bearer.nonsense"}, code: 4401},
		"SubprotocolAlone":          {header: []string{protocols, "brickboard.v1"}, code: 4401},
		"BearerAlone":               {header: []string{protocols, "bearer.nonsense"}, status: http.StatusUnauthorized},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, response, err := dialPlain(t, s, "", "?since=nonsense", c.header...) // who is let in is told at once
			if c.status != 0 {
				require.Error(t, err)
				require.Equal(t, c.status, response.StatusCode)
				return
			}
			require.NoError(t, err)
			if c.code != 0 {
				require.Equal(t, c.code, w.awaitClose(t))
				return
			}
			require.Eventually(t, func() bool { return len(w.all()) > 0 }, patience, tick)
			require.Equal(t, []string{"resync"}, w.types())
		})
	}
	t.Run("NeverInTheURL", func(t *testing.T) {
		t.Parallel()
		for _, query := range []string{"?token=", "?access_token=", "?bearer="} {
			_, response, err := dialPlain(t, s, "", query+good)
			require.Error(t, err)
			require.Equal(t, http.StatusUnauthorized, response.StatusCode)
		}
	})
}

func TestPlain_Expiry(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	s := h.serve(t)
	brief, _, err := h.signer.Sign("ada", nil, 4*time.Second)
	require.NoError(t, err)
	w := mustDialPlain(t, s, brief, "")
	require.Equal(t, closeUnauthorized, w.awaitClose(t))
	require.Len(t, w.all(), 1)
	require.Equal(t, readmodel.Failed, w.all()[0].Type)
	require.Contains(t, string(w.all()[0].Payload), `"code":"TOKEN_EXPIRED"`)
	require.NotEmpty(t, w.all()[0].Epoch)
}

func TestPlain_TooManySessions(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	s := h.serve(t, func(c *Config, _ *Deps) { c.SessionsPerCollector = 2 })
	token := h.token(t, "ada")
	first := mustDialPlain(t, s, token, "")
	mustDialSocketIO(t, s, map[string]any{"token": token}) // of either protocol
	require.Equal(t, closeTooManySessions, mustDialPlain(t, s, token, "").awaitClose(t))
	mustDialPlain(t, s, h.token(t, "bob"), "")
	live := func(n float64) {
		t.Helper()
		require.Eventually(t, func() bool { return s.metric(t, "live_sessions") == n }, patience, tick)
	}
	live(3)
	_ = first.conn.Close()
	live(2)
	require.Eventually(t, func() bool { return s.hub.seatsOf("ada") == 1 }, patience, tick)
	mustDialPlain(t, s, token, "")
	live(3)
}

func (h *Hub) seatsOf(collector domain.CollectorID) int {
	h.mu.RLock()
	defer h.mu.RUnlock()
	return h.rooms[collector].seats
}

func TestHub_CannotServeNow(t *testing.T) {
	t.Parallel()
	refuses := func(t *testing.T, h *house, s *server) {
		t.Helper()
		_, response, err := dialPlain(t, s, h.token(t, "ada"), "")
		require.Error(t, err)
		require.Equal(t, http.StatusServiceUnavailable, response.StatusCode)
		response, err = http.Get(s.URL + SocketIOPath + "?EIO=4&transport=polling")
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		require.Equal(t, http.StatusServiceUnavailable, response.StatusCode)
	}
	t.Run("Full", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t)
		s := h.serve(t, func(c *Config, _ *Deps) { c.Sessions = 1 })
		mustDialPlain(t, s, h.token(t, "bob"), "")
		refuses(t, h, s)
	})
	t.Run("DatabaseAway", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t)
		s := h.serve(t)
		_, err := h.pool.Exec(t.Context(), "ALTER TABLE collector_revisions RENAME TO away")
		require.NoError(t, err)
		refuses(t, h, s)
	})
	t.Run("Stopping", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t)
		s := h.serve(t)
		require.NoError(t, s.hub.Shutdown(t.Context()))
		refuses(t, h, s)
	})
}

func TestHub_Shutdown_TellsSessionsToComeBack(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	s := h.serve(t, func(c *Config, _ *Deps) { c.Spread = 300 * time.Millisecond })
	var all []*wire
	for range 5 {
		all = append(all, mustDialPlain(t, s, h.token(t, "ada"), ""), mustDialSocketIO(t, s, map[string]any{"token": h.token(t, "ada")}))
	}
	began := time.Now()
	require.NoError(t, s.hub.Shutdown(t.Context()))
	require.Greater(t, time.Since(began), 200*time.Millisecond)
	for _, w := range all {
		require.Equal(t, websocket.CloseGoingAway, w.awaitClose(t))
	}
	require.Eventually(t, func() bool { return s.metric(t, "live_sessions") == 0 }, patience, tick)
	select {
	case <-s.hub.Done():
	default:
		t.Fatal("the hub is not done")
	}
}

// A session that never reads costs nobody anything, and is cut off.
func TestHub_Shutdown_CutsOffWhoDoesNotRead(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	s := h.serve(t, func(c *Config, _ *Deps) { c.SendBuffer, c.DrainTimeout, c.WriteWait = 8, 2*patience, 2*patience })
	h.bulky(t, "ada")
	dialDeaf(t, s, h.token(t, "ada"))
	burden(t, h, "ada", func() bool { return s.metric(t, "live_fell_behind_total") > 0 })
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.Error(t, s.hub.Shutdown(ctx))
	require.Eventually(t, func() bool { return s.metric(t, "live_sessions") == 0 }, patience, tick)
}

func TestPlain_Talking(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	s := h.serve(t)
	t.Run("AFewMessagesAreIgnored", func(t *testing.T) {
		t.Parallel()
		w := mustDialPlain(t, s, h.token(t, "ada"), "")
		for range 6 {
			require.NoError(t, w.conn.WriteMessage(websocket.TextMessage, []byte("{")))
		}
		require.Equal(t, websocket.ClosePolicyViolation, w.awaitClose(t))
	})
	t.Run("ALargeMessageIsNot", func(t *testing.T) {
		t.Parallel()
		w := mustDialPlain(t, s, h.token(t, "bob"), "")
		require.NoError(t, w.conn.WriteMessage(websocket.BinaryMessage, make([]byte, 64<<10+1)))
		require.Equal(t, websocket.CloseMessageTooBig, w.awaitClose(t))
	})
}

func TestPlain_AnswersPingsAndNoticesSilence(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	s := h.serve(t, func(c *Config, _ *Deps) { c.PingInterval, c.PingTimeout = 200*time.Millisecond, 2*time.Second })
	answers := mustDialPlain(t, s, h.token(t, "ada"), "")
	silent := mustDialPlain(t, s, h.token(t, "ada"), "")
	silent.conn.SetPingHandler(func(string) error { return nil })
	silent.awaitClose(t)
	h.add(t, "ada", "Keep", 5)
	answers.awaitRevision(t, 1)
}
