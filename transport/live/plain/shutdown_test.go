package plain

import (
	"context"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"
)

// shutDown has as long as a test may take.
func (w *world) shutDown(t *testing.T, spread time.Duration) error {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	return w.Shutdown(ctx, spread)
}

func TestShutdown(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil, nil)
	server := w.serve(t)
	var conns []*websocket.Conn
	var clients []*heard
	for range 5 {
		conn, h := w.open(t, server)
		conns, clients = append(conns, conn), append(clients, h)
		h.session.Send([]byte("last words"))
	}
	began := time.Now()
	require.NoError(t, w.shutDown(t, 500*time.Millisecond))
	require.GreaterOrEqual(t, time.Since(began), 400*time.Millisecond, "the fifth is told after four parts of the spread")
	require.Zero(t, w.melody.Len())
	for i, conn := range conns {
		require.Equal(t, "last words", read(t, conn))
		require.Equal(t, websocket.CloseGoingAway, closeCode(t, conn))
		require.Equal(t, string(ShuttingDown), clients[i].next(t))
	}
	_, response, err := dial(t, server)
	require.ErrorIs(t, err, websocket.ErrBadHandshake)
	require.Equal(t, http.StatusServiceUnavailable, response.StatusCode)
	require.Equal(t, string(NotOpened), (<-w.clients).next(t))
	require.NoError(t, w.shutDown(t, time.Hour), "again: nothing is left")
}

// What was sent is sent, however long a client takes to read it, before the session is closed and the server is done.
func TestShutdown_Waits(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil, nil)
	server := w.serve(t)
	var reading sync.WaitGroup
	defer reading.Wait()
	var clients []*heard
	for range 3 {
		conn, h := w.open(t, server)
		clients = append(clients, h)
		h.session.Send(big(), []byte("last words"))
		reading.Go(func() {
			_, first, _ := conn.ReadMessage()
			_, second, _ := conn.ReadMessage()
			if _, _, err := conn.ReadMessage(); len(first) < len(big()) || string(second) != "last words" || !websocket.IsCloseError(err, websocket.CloseGoingAway) {
				t.Error("closed before all was read: ", err)
			}
		})
	}
	require.NoError(t, w.shutDown(t, 0))
	for _, h := range clients {
		require.Len(t, h.events, 1, "the server is done before its sessions")
		require.Equal(t, string(ShuttingDown), h.next(t))
	}
}

// A client that never reads cannot be told: it is cut off when the time is over.
func TestShutdown_CutsWhoDoesNotRead(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil, nil)
	_, h := w.open(t, w.serve(t))
	h.session.Send(big(), big())
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	require.ErrorIs(t, w.Shutdown(ctx, time.Hour), context.DeadlineExceeded)
	require.Equal(t, string(ShuttingDown), h.next(t))
}

// Who comes while the server shuts down is told to come back: by 503, or by 1001.
func TestShutdown_WhileClientsCome(t *testing.T) {
	t.Parallel()
	for range 20 {
		w := newWorld(t, nil, nil)
		server := w.serve(t)
		var coming sync.WaitGroup
		for range 8 {
			coming.Go(func() {
				conn, response, err := websocket.DefaultDialer.Dial("ws"+server.URL[len("http"):], nil)
				if err != nil {
					if response == nil || response.StatusCode != http.StatusServiceUnavailable {
						t.Error("not told to come back: ", err)
					}
					return
				}
				defer conn.Close()
				_ = conn.SetReadDeadline(time.Now().Add(patience))
				if _, _, err = conn.ReadMessage(); !websocket.IsCloseError(err, websocket.CloseGoingAway) {
					t.Error("not told to come back: ", err)
				}
			})
		}
		<-w.clients
		require.NoError(t, w.shutDown(t, 0))
		coming.Wait()
	}
}
