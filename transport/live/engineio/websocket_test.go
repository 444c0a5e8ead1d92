package engineio

import (
	"errors"
	"log/slog"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"
)

func TestWebSocket_Messages(t *testing.T) {
	t.Parallel()
	srv, made := listener(Config{})
	conn, h := openWebSocket(t, network(t, srv), made)
	require.Equal(t, WebSocket, h.session.Transport())
	write(t, conn, "4hello")
	require.NoError(t, conn.WriteMessage(websocket.BinaryMessage, []byte("bytes")))
	write(t, conn, "bAQ==")
	for _, want := range []string{"hello", "binary bytes", "binary \x01"} {
		require.Equal(t, want, within(t, h.messages))
	}
	h.session.Send(Text([]byte("one")), Binary([]byte("two")))
	require.Equal(t, "4one", read(t, conn))
	kind, data, err := conn.ReadMessage()
	require.NoError(t, err)
	require.Equal(t, websocket.BinaryMessage, kind)
	require.Equal(t, "two", string(data))
}

// TestWebSocket_Ends says of each way to end which reason is heard, and which close code the client gets; 0 is a
// connection that just breaks.
func TestWebSocket_Ends(t *testing.T) {
	t.Parallel()
	message := func(text string) func(*testing.T, *websocket.Conn, *heard) {
		return func(t *testing.T, conn *websocket.Conn, _ *heard) { t.Helper(); write(t, conn, text) }
	}
	for name, c := range map[string]struct {
		end    func(*testing.T, *websocket.Conn, *heard)
		reason Reason
		code   int
	}{
		"ClientPacket": {message("1"), ClientClosed, websocket.CloseNormalClosure},
		"ClientFrame": {func(t *testing.T, conn *websocket.Conn, _ *heard) {
			t.Helper()
			bye := websocket.FormatCloseMessage(websocket.CloseNormalClosure, "")
			require.NoError(t, conn.WriteMessage(websocket.CloseMessage, bye))
		}, ClientClosed, websocket.CloseNormalClosure},
		"ClientBreaks": {func(t *testing.T, conn *websocket.Conn, _ *heard) {
			t.Helper()
			require.NoError(t, conn.NetConn().(*net.TCPConn).SetLinger(0))
			require.NoError(t, conn.Close())
		}, TransportError, 0},
		"Malformed": {message("abc"), ParseError, websocket.ClosePolicyViolation},
		"NotUTF8":   {message("4\xff"), ParseError, websocket.ClosePolicyViolation},
		"Empty":     {message(""), ParseError, websocket.ClosePolicyViolation},
		"Pings":     {message("2"), ParseError, websocket.ClosePolicyViolation},
		"TooLarge":  {message("4" + strings.Repeat("x", 1000)), TooLarge, websocket.CloseMessageTooBig},
		"TooMany": {func(t *testing.T, conn *websocket.Conn, _ *heard) {
			t.Helper()
			for range 6 {
				write(t, conn, "4a")
			}
		}, RateExceeded, websocket.ClosePolicyViolation},
		"Close": {func(_ *testing.T, _ *websocket.Conn, h *heard) { h.session.Close("expired") }, "expired", websocket.CloseNormalClosure},
		"Cut":   {func(_ *testing.T, _ *websocket.Conn, h *heard) { h.session.Cut("slow") }, "slow", 0},
		"ShutDown": {func(_ *testing.T, _ *websocket.Conn, h *heard) {
			h.session.Close(ShuttingDown)
		}, ShuttingDown, websocket.CloseGoingAway},
		"Panic": {message("4panic"), Panicked, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv, made := listener(Config{MaxPayload: 1000, PacketRate: 5, Log: slog.New(slog.DiscardHandler)}, func(h *heard) {
				h.onMessage = func(data []byte) {
					if string(data) == "panic" {
						panic("as asked")
					}
				}
			})
			conn, h := openWebSocket(t, network(t, srv), made)
			c.end(t, conn, h)
			require.Equal(t, c.reason, within(t, h.ended))
			_, _, err := conn.ReadMessage()
			var closed *websocket.CloseError
			if errors.As(err, &closed) && closed.Code != websocket.CloseAbnormalClosure {
				require.Equal(t, c.code, closed.Code)
			} else {
				require.Zero(t, c.code, err)
			}
			require.Error(t, err)
			eventually(t, func() bool { return srv.Len() == 0 && srv.melody.Len() == 0 })
			require.Empty(t, h.ended) // once
			require.False(t, h.session.Send(Text(nil)))
		})
	}
}

func eventually(t *testing.T, condition func() bool) {
	t.Helper()
	require.Eventually(t, condition, patience, 5*time.Millisecond)
}

func TestWebSocket_PingTimeout(t *testing.T) {
	t.Parallel()
	srv, made := listener(Config{PingInterval: 50 * time.Millisecond, PingTimeout: 500 * time.Millisecond})
	conn, h := openWebSocket(t, network(t, srv), made)
	for range 3 {
		require.Equal(t, "2", read(t, conn))
		write(t, conn, "3")
	}
	require.Equal(t, "2", read(t, conn))
	require.Equal(t, PingTimeout, within(t, h.ended))
}

// TestWebSocket_SlowReader fills the buffer of a client that does not read: only its own session ends, at once, and
// nothing that sends has to wait.
func TestWebSocket_SlowReader(t *testing.T) {
	t.Parallel()
	srv, made := listener(Config{SendBuffer: 4})
	server := network(t, srv)
	_, slow := openWebSocket(t, server, made)
	conn, other := openWebSocket(t, server, made)
	big := Binary(make([]byte, 1<<20))
	sent := 0
	for slow.session.Send(big) {
		require.LessOrEqual(t, slow.session.Queued(), slow.session.Capacity())
		sent++
		require.Less(t, sent, 1000)
	}
	require.Equal(t, BufferFull, within(t, slow.ended))
	eventually(t, func() bool { return srv.melody.Len() == 1 })
	other.session.Send(Text([]byte("unharmed")))
	require.Equal(t, "4unharmed", read(t, conn))
}

// TestWebSocket_FullQueue sends what melody's own queue does not hold, past our bound: melody's error handler must
// break the connection, without melody's Close, which would overflow the stack.
func TestWebSocket_FullQueue(t *testing.T) {
	t.Parallel()
	srv, made := listener(Config{SendBuffer: 4})
	_, h := openWebSocket(t, network(t, srv), made)
	c := h.session.conn
	big := Binary(make([]byte, 1<<20))
	for range 100 {
		c.write(big)
	}
	require.Equal(t, BufferFull, within(t, h.ended))
}
