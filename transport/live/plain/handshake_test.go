package plain

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"
)

func handshake(method, url string, without string) *http.Request {
	r := httptest.NewRequest(method, url, nil)
	r.RequestURI = ""
	for name, value := range map[string]string{
		"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
	} {
		if name != without {
			r.Header.Set(name, value)
		}
	}
	return r
}

func TestAccept_NoHandshake(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil, nil)
	server := w.serve(t)
	answers := func(r *http.Request, status int) {
		t.Helper()
		response, err := server.Client().Do(r)
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		require.Equal(t, status, response.StatusCode)
		h := <-w.clients
		require.Equal(t, string(NotOpened), h.next(t))
		require.Empty(t, h.events)
	}
	for _, without := range []string{"Connection", "Sec-WebSocket-Version", "Sec-WebSocket-Key"} {
		answers(handshake(http.MethodGet, server.URL, without), http.StatusBadRequest)
	}
	answers(handshake(http.MethodPost, server.URL, ""), http.StatusMethodNotAllowed)

	recorder := httptest.NewRecorder() // as over HTTP/2, whose connections cannot be taken over
	w.ServeHTTP(recorder, handshake(http.MethodGet, server.URL, ""))
	require.Equal(t, http.StatusInternalServerError, recorder.Code)
	require.Equal(t, string(NotOpened), (<-w.clients).next(t))
	require.Zero(t, w.melody.Len())
}

func TestAccept_Subprotocol(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil, nil)
	server := w.serve(t)
	for offered, agreed := range map[string]string{
		subprotocol: subprotocol, subprotocol + ", bearer.token": subprotocol, "bearer.token, " + subprotocol: subprotocol,
		"chat.v2": "", "bearer.token": "",
	} {
		conn, response, err := dial(t, server, "Sec-WebSocket-Protocol", offered)
		require.NoError(t, err, offered)
		require.Equal(t, agreed, conn.Subprotocol(), offered)
		require.Equal(t, agreed, response.Header.Get("Sec-WebSocket-Protocol"), "nothing else is told back")
		require.Equal(t, "opened", (<-w.clients).next(t))
	}
	conn, _ := w.open(t, server)
	require.Empty(t, conn.Subprotocol())
}

// Whoever calls Accept has decided on the origin.
func TestAccept_AnyOrigin(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil, nil)
	_, _, err := dial(t, w.serve(t), "Origin", "https://elsewhere.example")
	require.NoError(t, err)
	require.Equal(t, "opened", (<-w.clients).next(t))
}

func TestAccept_OpenedComesFirst(t *testing.T) {
	t.Parallel()
	written := make(chan struct{})
	w := newWorld(t, nil, func(h *heard) {
		h.opened = func(s *Session) {
			require.True(t, s.Send([]byte("one"), []byte("two")))
			<-written
		}
	})
	conn, _, err := dial(t, w.serve(t))
	require.NoError(t, err)
	require.NoError(t, conn.WriteMessage(websocket.TextMessage, []byte("hello")))
	close(written)
	h := <-w.clients
	require.Equal(t, "opened", h.next(t))
	require.Equal(t, "received", h.next(t))
	require.Equal(t, "one", read(t, conn))
	require.Equal(t, "two", read(t, conn))
	require.Equal(t, 1, w.melody.Len())
}
