package engineio

import (
	"context"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"
	"github.com/olahol/melody"
	"github.com/stretchr/testify/require"
)

func TestShutdown(t *testing.T) {
	t.Parallel()
	srv, made := listener(Config{})
	server := network(t, srv)
	conn, onSocket := openWebSocket(t, server, made)
	onPolling := openPolling(t, srv, made)
	parked := pollLater(t, srv, onPolling.session)
	eventually(t, func() bool { return onPolling.session.parkedFor() > 0 })

	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	require.NoError(t, srv.Shutdown(ctx, 20*time.Millisecond))
	require.Equal(t, ShuttingDown, within(t, onSocket.ended))
	require.Equal(t, ShuttingDown, within(t, onPolling.ended))
	answered(t, within(t, parked), http.StatusOK, "1")
	_, _, err := conn.ReadMessage()
	require.True(t, websocket.IsCloseError(err, websocket.CloseGoingAway), err)
	for _, transport := range []string{"polling", "websocket"} {
		require.Equal(t, http.StatusServiceUnavailable, handshakeStatus(t, server.URL, transport, nil))
	}
}

func TestShutdown_Spreads(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv, made := listener(Config{})
		var all []*heard
		for range 5 {
			all = append(all, openPolling(t, srv, made))
		}
		began := time.Now()
		require.NoError(t, srv.Shutdown(t.Context(), 10*time.Second))
		require.Equal(t, 8*time.Second, time.Since(began)) // at 0, 2, 4, 6 and 8 s
		for _, h := range all {
			require.Equal(t, ShuttingDown, <-h.ended)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		require.NoError(t, srv.Shutdown(ctx, time.Second)) // again: nothing is left
	})
}

// TestShutdown_CutsWhoDoesNotRead has a client that never reads, so that its close frame is never written.
func TestShutdown_CutsWhoDoesNotRead(t *testing.T) {
	t.Parallel()
	srv, made := listener(Config{WriteWait: time.Hour})
	_, h := openWebSocket(t, network(t, srv), made)
	for range 16 {
		h.session.Send(Binary(make([]byte, 1<<20)))
	}
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	require.ErrorIs(t, srv.Shutdown(ctx, time.Hour), context.DeadlineExceeded)
	require.Equal(t, ShuttingDown, within(t, h.ended))
	eventually(t, func() bool { return srv.melody.Len() == 0 })
}

// TestShutdown_WhileAClientComes has the time run out when a WebSocket stands and its session is not made yet.
func TestShutdown_WhileAClientComes(t *testing.T) {
	t.Parallel()
	srv, _ := listener(Config{})
	stands, goOn := make(chan struct{}), make(chan struct{})
	srv.melody.HandleConnect(func(s *melody.Session) {
		close(stands)
		<-goOn
		guard(s, func(c *conn) { c.up(s) })
	})
	conn := dial(t, network(t, srv), "")
	within(t, stands)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, srv.Shutdown(ctx, 0), context.Canceled)
	close(goOn)
	require.Equal(t, "0", read(t, conn)[:1])
	_, _, err := conn.ReadMessage()
	require.True(t, websocket.IsCloseError(err, websocket.CloseGoingAway), err)
	eventually(t, func() bool { return srv.melody.Len() == 0 })
}
