package plain

import (
	"net"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"
)

func write(size int) func(*testing.T, *websocket.Conn, *heard) {
	return func(t *testing.T, conn *websocket.Conn, _ *heard) {
		t.Helper()
		require.NoError(t, conn.WriteMessage(websocket.TextMessage, make([]byte, size)))
	}
}

// TestSession_Ends says of each way to end which reason is heard, once, and which close code the client gets; 0 is a
// connection that just breaks.
func TestSession_Ends(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		end    func(*testing.T, *websocket.Conn, *heard)
		reason Reason
		code   int
	}{
		"ClientFrame": {func(t *testing.T, conn *websocket.Conn, _ *heard) {
			t.Helper()
			bye := websocket.FormatCloseMessage(websocket.CloseNormalClosure, "")
			require.NoError(t, conn.WriteMessage(websocket.CloseMessage, bye))
		}, ClientClosed, websocket.CloseNormalClosure},
		"ClientResets": {func(t *testing.T, conn *websocket.Conn, _ *heard) {
			t.Helper()
			require.NoError(t, conn.NetConn().(*net.TCPConn).SetLinger(0))
			require.NoError(t, conn.Close())
		}, TransportError, 0},
		"ClientVanishes": {func(t *testing.T, conn *websocket.Conn, _ *heard) {
			t.Helper()
			require.NoError(t, conn.Close())
		}, TransportError, 0},
		"NotWebSocket": {func(t *testing.T, conn *websocket.Conn, _ *heard) {
			t.Helper()
			_, err := conn.NetConn().Write([]byte("GET / HTTP/1.1\r\n\r\n"))
			require.NoError(t, err)
		}, TransportError, websocket.CloseProtocolError},
		"TooLarge": {write(1001), TooLarge, websocket.CloseMessageTooBig},
		"Close":    {func(_ *testing.T, _ *websocket.Conn, h *heard) { h.session.Close("expired", 4401) }, "expired", 4401},
		"Cut":      {func(_ *testing.T, _ *websocket.Conn, h *heard) { h.session.Cut("slow") }, "slow", 0},
		"CutWhileClosing": {func(_ *testing.T, _ *websocket.Conn, h *heard) {
			h.session.Close("first", 4401)
			h.session.Cut("second")
		}, "first", -1},
		"Panic": {write(13), TransportError, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, nil, func(h *heard) {
				h.received = func(*Session) { panic("as asked") }
			})
			conn, h := w.open(t, w.serve(t))
			c.end(t, conn, h)
			require.Equal(t, string(c.reason), h.next(t))
			if code := closeCode(t, conn); c.code >= 0 {
				require.Equal(t, c.code, code)
			}
			require.Eventually(t, func() bool { return w.melody.Len() == 0 }, patience, time.Millisecond)
			require.False(t, h.session.Send([]byte("late")))
			require.False(t, h.session.WhenDrained(func() { panic("late") }))
			h.session.Close("late", 4401)
			h.session.Cut("late")
			require.Empty(t, h.events)
		})
	}
}

func TestSession_PanicOnOpening(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil, func(h *heard) {
		h.opened = func(*Session) { panic("as asked") }
	})
	conn, _, err := dial(t, w.serve(t))
	require.NoError(t, err)
	require.Zero(t, closeCode(t, conn))
	require.Equal(t, string(TransportError), (<-w.clients).next(t))
}

// What a client says is counted, whatever it is, and not once the session was told to close.
func TestSession_Received(t *testing.T) {
	t.Parallel()
	const counted = 4
	n := 0
	w := newWorld(t, nil, func(h *heard) {
		h.received = func(s *Session) {
			if n++; n == counted {
				s.Close("talkative", websocket.ClosePolicyViolation)
			}
		}
	})
	conn, h := w.open(t, w.serve(t))
	write(0)(t, conn, h)
	write(1000)(t, conn, h) // in several frames, and not above the bound
	require.NoError(t, conn.WriteMessage(websocket.BinaryMessage, []byte{0xff}))
	for range 10 {
		_ = conn.WriteMessage(websocket.TextMessage, []byte("more"))
	}
	for range counted {
		require.Equal(t, "received", h.next(t))
	}
	require.Equal(t, "talkative", h.next(t))
	require.Empty(t, h.events)
	require.Equal(t, websocket.ClosePolicyViolation, closeCode(t, conn))
}

// A client that answers pings stays, and one that does not is noticed.
func TestSession_Pings(t *testing.T) {
	t.Parallel()
	const interval, timeout = 100 * time.Millisecond, 2 * time.Second
	w := newWorld(t, func(c *Config) { c.PingInterval, c.PingTimeout = interval, timeout }, nil)
	server := w.serve(t)
	began := time.Now()
	answers, alive := w.open(t, server)
	silent, dead := w.open(t, server)
	for conn, pong := range map[*websocket.Conn]func(string) error{answers: answers.PingHandler(), silent: func(string) error { return nil }} {
		pings := 0
		conn.SetPingHandler(func(text string) error {
			if pings++; pings == int(2*timeout/interval) {
				_ = conn.WriteMessage(websocket.TextMessage, nil) // it has been here for long
			}
			return pong(text)
		})
		go func() { _, _, _ = conn.ReadMessage() }()
	}
	require.Equal(t, string(PingTimeout), dead.next(t))
	require.GreaterOrEqual(t, time.Since(began), timeout)
	require.Equal(t, "received", alive.next(t))
	require.Equal(t, 1, w.melody.Len())
}
