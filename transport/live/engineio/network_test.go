package engineio

import (
	"crypto/tls"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"
)

// TestPolling_OutlivesTheServersTimeouts has a server whose timeouts are shorter than a poll is parked, and long enough
// for a handshake on a busy machine.
func TestPolling_OutlivesTheServersTimeouts(t *testing.T) {
	t.Parallel()
	srv, made := listener(Config{PingInterval: 4 * time.Second})
	server := httptest.NewUnstartedServer(srv)
	server.Config.ReadTimeout, server.Config.WriteTimeout = 2*time.Second, 2*time.Second
	server.EnableHTTP2 = true
	server.StartTLS()
	t.Cleanup(server.Close)
	h := openPolling(t, srv, made)
	for range 2 { // the second on the same connection
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet,
			server.URL+"/?EIO=4&transport=polling&sid="+h.session.ID(), nil)
		require.NoError(t, err)
		resp, err := server.Client().Do(r)
		require.NoError(t, err)
		require.Equal(t, 2, resp.ProtoMajor)
		require.Equal(t, http.StatusOK, resp.StatusCode)
		require.NoError(t, resp.Body.Close())
		h.session.pong()
	}
	require.Empty(t, h.ended)
}

// TestWebSocket_CutOverTLS cuts a client that does not read, while a write to it is stuck.
func TestWebSocket_CutOverTLS(t *testing.T) {
	t.Parallel()
	srv, made := listener(Config{WriteWait: time.Hour})
	server := httptest.NewTLSServer(srv)
	t.Cleanup(server.Close)
	dialer := websocket.Dialer{TLSClientConfig: &tls.Config{RootCAs: server.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs}}
	conn, resp, err := dialer.Dial(strings.Replace(server.URL, "http", "ws", 1)+"/?EIO=4&transport=websocket", nil)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	t.Cleanup(func() { conn.Close() })
	h := within(t, made)
	for range 16 {
		h.session.Send(Binary(make([]byte, 1<<20)))
	}
	began := time.Now()
	h.session.Cut("slow")
	require.Less(t, time.Since(began), time.Second)
	require.Equal(t, Reason("slow"), within(t, h.ended))
	eventually(t, func() bool { return srv.melody.Len() == 0 })
}
