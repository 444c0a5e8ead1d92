package engineio

import (
	"net/http"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"
)

func TestUpgrade(t *testing.T) {
	t.Parallel()
	srv, made := listener(Config{})
	server := network(t, srv)
	h := openPolling(t, srv, made)
	parked := pollLater(t, srv, h.session)
	eventually(t, func() bool { return h.session.parkedFor() > crossing })

	conn := dial(t, server, h.session.ID())
	eventually(t, h.session.isProbing)
	_, _, err := dial(t, server, h.session.ID()).ReadMessage() // one at a time
	require.True(t, websocket.IsUnexpectedCloseError(err), err)
	write(t, conn, "2probe")
	require.Equal(t, "3probe", read(t, conn))
	answered(t, within(t, parked), http.StatusOK, "6")
	require.Equal(t, Polling, h.session.Transport())
	answered(t, post(t, srv, h.session, "4over http"), http.StatusOK, "ok")
	require.Equal(t, "over http", within(t, h.messages))

	began := time.Now() // a poll meanwhile is let go, so that the client can change over
	answered(t, poll(t, srv, h.session), http.StatusOK, "6")
	require.GreaterOrEqual(t, time.Since(began), probingPoll)

	h.session.Send(Text([]byte("unsent")), Binary([]byte{7}))
	write(t, conn, "5")
	require.Equal(t, "4unsent", read(t, conn))
	require.Equal(t, "\x07", read(t, conn))
	require.Equal(t, WebSocket, h.session.Transport())
	write(t, conn, "4over websocket")
	require.Equal(t, "over websocket", within(t, h.messages))
	answered(t, poll(t, srv, h.session), http.StatusBadRequest, `{"code":3,"message":"Bad request"}`)
	answered(t, post(t, srv, h.session, "4a"), http.StatusBadRequest, "")
}

func (s *Session) parkedFor() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.parked == nil {
		return 0
	}
	return time.Since(s.parkedAt)
}

// TestUpgrade_Fails lets WebSockets ask that do not take over: the session stays with polling, and another may ask.
func TestUpgrade_Fails(t *testing.T) {
	t.Parallel()
	srv, made := listener(Config{UpgradeTimeout: 50 * time.Millisecond})
	server := network(t, srv)
	h := openPolling(t, srv, made)
	for name, packets := range map[string][]string{
		"Silent": nil, "Probed": {"2probe"}, "NotProbed": {"5"}, "OtherProbe": {"2"}, "Message": {"2probe", "4hello"},
		"Malformed": {"abc"},
	} {
		conn := dial(t, server, h.session.ID())
		for _, packet := range packets {
			_ = conn.WriteMessage(websocket.TextMessage, []byte(packet)) // it may be closed by now: the reads tell
		}
		var err error
		for err == nil {
			_, _, err = conn.ReadMessage()
		}
		require.NotContains(t, err.Error(), "timeout", name)
		require.Equal(t, Polling, h.session.Transport(), name)
		eventually(t, func() bool { return srv.melody.Len() == 0 })
	}
	require.Empty(t, h.messages)

	answered(t, post(t, srv, h.session, "4still here"), http.StatusOK, "ok")
	require.Equal(t, "still here", within(t, h.messages))
}

// TestUpgrade_SessionEndsMeanwhile has a session end while its client is about to change over: it has let go of polling,
// and hears of the end where it goes on.
func TestUpgrade_SessionEndsMeanwhile(t *testing.T) {
	t.Parallel()
	srv, made := listener(Config{})
	server := network(t, srv)
	h := openPolling(t, srv, made)
	conn := dial(t, server, h.session.ID())
	write(t, conn, "2probe")
	require.Equal(t, "3probe", read(t, conn))
	h.session.Close("expired")
	require.Equal(t, Reason("expired"), within(t, h.ended))
	write(t, conn, "2probe")
	require.Equal(t, "3probe", read(t, conn), "closed before the client changed over")
	write(t, conn, "5")
	_, _, err := conn.ReadMessage()
	require.True(t, websocket.IsCloseError(err, websocket.CloseNormalClosure), err)
	answered(t, poll(t, srv, h.session), http.StatusOK, "1")
}
