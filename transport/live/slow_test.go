package live

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"

	"github.com/brickboard/brickboard/domain"
	"github.com/brickboard/brickboard/readmodel"
)

// bulky gives the collector a list of partial parts that is long on the wire, about a megabyte.
func (h *house) bulky(t testing.TB, collector domain.CollectorID) {
	t.Helper()
	_, err := h.pool.Exec(t.Context(), `INSERT INTO partial_parts SELECT $1, gen_random_uuid(), repeat('Keep ', 30), 'Castle', 'ADDED', 50, now()
		FROM generate_series(1, 3000)`, collector)
	require.NoError(t, err)
}

// dialDeaf connects a plain client that reads nothing until the returned function is called.
func dialDeaf(t testing.TB, s *server, token string) (listen func() *wire) {
	t.Helper()
	dialer := websocket.Dialer{NetDial: func(network, addr string) (net.Conn, error) {
		conn, err := net.Dial(network, addr)
		if err == nil {
			err = conn.(*net.TCPConn).SetReadBuffer(128 << 10)
		}
		return conn, err
	}}
	conn, _, err := dialer.Dial("ws"+strings.TrimPrefix(s.URL, "http")+PlainPath, http.Header{"Authorization": {"Bearer " + token}})
	require.NoError(t, err)
	t.Cleanup(func() { conn.Close() })
	return func() *wire {
		w := &wire{conn: conn}
		go w.read(w.take)
		return w
	}
}

// burden changes the collector's long list until the condition holds.
func burden(t testing.TB, h *house, collector domain.CollectorID, until func() bool) {
	t.Helper()
	moc := h.add(t, collector, "Keep", 1)
	for n, end := 0, time.Now().Add(patience); !until(); n++ {
		require.True(t, time.Now().Before(end), "nobody fell behind")
		h.count(t, collector, moc.ID, 1+n%9)
	}
}

func TestHub_ASlowClient(t *testing.T) {
	t.Parallel()

	t.Run("IsToldWhatItMissedOnceItHasDrained", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t)
		s := h.serve(t, func(c *Config, _ *Deps) { c.SendBuffer, c.DrainTimeout, c.WriteWait = 8, patience, patience })
		h.bulky(t, "ada")
		listen := dialDeaf(t, s, h.token(t, "ada"))
		prompt := mustDialPlain(t, s, h.token(t, "ada"), "?deltas=1")
		burden(t, h, "ada", func() bool { return s.metric(t, "live_fell_behind_total") > 0 })
		state := h.settled(t, "ada")
		prompt.awaitRevision(t, state.Revision)
		slow := listen()
		slow.awaitRevision(t, state.Revision)
		require.Less(t, len(slow.all()), int(2*state.Revision))
		require.Positive(t, s.metric(t, "live_envelopes_dropped_total", string(readmodel.PartialPartsUpdated)))
	})

	t.Run("IsCutOffWhenItDoesNotDrain", func(t *testing.T) {
		t.Parallel()
		h := newHouse(t)
		s := h.serve(t, func(c *Config, _ *Deps) { c.SendBuffer, c.DrainTimeout = 8, 200*time.Millisecond })
		h.bulky(t, "ada")
		dialDeaf(t, s, h.token(t, "ada"))
		prompt := mustDialPlain(t, s, h.token(t, "ada"), "?deltas=1")
		require.Eventually(t, func() bool { return s.metric(t, "live_sessions") == 2 }, patience, tick)
		burden(t, h, "ada", func() bool { return s.metric(t, "live_sessions") == 1 })
		prompt.awaitRevision(t, h.settled(t, "ada").Revision)
	})
}

// Hostile clients cost their own connection only.
func TestHub_HostileClients(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	s := h.serve(t, func(c *Config, _ *Deps) { c.SessionsPerCollector = 100 })
	token := h.token(t, "ada")
	var good []*wire
	for range 20 {
		good = append(good, mustDialPlain(t, s, token, ""), mustDialSocketIO(t, s, map[string]any{"token": token}))
	}
	garbage := []string{
		"", "4", "40", "40/dashboard", "40/dashboard,", "40/dashboard,{", "40/dashboard,[]", "41", "42", `42/dashboard,["x"]`,
		`40/dashboard,{"token":{"a":[1,2,3]},"pid":7,"offset":{}}`, `451-/dashboard,["x",{"_placeholder":true,"num":99}]`,
		"5", "6", "b4", "9", "\xff\xfe", "40/" + strings.Repeat("x", 1000), "44/dashboard,{}", "43/dashboard,99999999999999999999[]",
	}
	for i, text := range garbage {
		conn, _, err := websocket.DefaultDialer.Dial("ws"+strings.TrimPrefix(s.URL, "http")+SocketIOPath+"?EIO=4&transport=websocket", nil)
		require.NoError(t, err)
		for range 60 { // past every limit
			if conn.WriteMessage(websocket.TextMessage, []byte(text)) != nil {
				break
			}
		}
		require.NoError(t, conn.SetReadDeadline(time.Now().Add(patience)))
		for err == nil {
			_, _, err = conn.ReadMessage()
		}
		require.NotErrorIs(t, err, os.ErrDeadlineExceeded, "garbage %d: not closed", i)
		_ = conn.Close()
	}
	for i := range 20 {
		w := mustDialPlain(t, s, h.token(t, domain.CollectorID(fmt.Sprint("noisy ", i))), "")
		for range 20 {
			_ = w.conn.WriteMessage(websocket.BinaryMessage, []byte(garbage[i%len(garbage)]))
		}
		w.awaitClose(t)
	}
	h.add(t, "ada", "Keep", 5)
	for _, w := range good {
		w.awaitRevision(t, 1)
	}
	require.EqualValues(t, len(good), s.metric(t, "live_sessions"))
}
