package engineio

import (
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"
)

func TestAdmit(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var refused []Refusal
	config := Config{
		Admit: func(r *http.Request) (any, error) {
			switch r.Header.Get("Origin") {
			case "http://evil.example":
				return nil, errors.New("foreign")
			case "http://busy.example":
				return nil, ErrUnavailable
			}
			return r.Header.Get("Cookie"), nil
		},
		Refused: func(cause Refusal) {
			mu.Lock()
			defer mu.Unlock()
			refused = append(refused, cause)
		},
	}
	srv, made := listener(config)
	server := network(t, srv)
	for origin, status := range map[string]int{
		"http://evil.example": http.StatusForbidden, "http://busy.example": http.StatusServiceUnavailable,
	} {
		for _, transport := range []string{"websocket", "polling"} {
			status, origin := status, http.Header{"Origin": {origin}}
			require.Equal(t, status, handshakeStatus(t, server.URL, transport, origin))
		}
	}
	require.Len(t, refused, 4)
	require.Empty(t, made)
	require.Equal(t, http.StatusSwitchingProtocols, handshakeStatus(t, server.URL, "websocket", http.Header{"Cookie": {"a=b"}}))
	require.Equal(t, "a=b", within(t, made).session.Kept())
	require.Equal(t, http.StatusOK, handshakeStatus(t, server.URL, "polling", http.Header{"Cookie": {"c=d"}}))
	require.Equal(t, "c=d", within(t, made).session.Kept())
}

func handshakeStatus(t *testing.T, url, transport string, header http.Header) int {
	t.Helper()
	url += "/?EIO=4&transport=" + transport
	if transport == "websocket" {
		conn, resp, err := websocket.DefaultDialer.Dial(strings.Replace(url, "http", "ws", 1), header)
		if err == nil {
			t.Cleanup(func() { conn.Close() })
		} else {
			require.ErrorIs(t, err, websocket.ErrBadHandshake)
		}
		require.NoError(t, resp.Body.Close())
		return resp.StatusCode
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	require.NoError(t, err)
	r.Header = header
	resp, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	return resp.StatusCode
}
