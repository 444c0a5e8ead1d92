package engineio

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"
)

const patience = 10 * time.Second

// heard collects what a session's layer above hears.
type heard struct {
	session   *Session
	messages  chan string
	ended     chan Reason
	onMessage func(data []byte)
}

func (h *heard) Message(data []byte, binary bool) {
	if h.onMessage != nil {
		h.onMessage(data)
	}
	text := string(data)
	if binary {
		text = "binary " + text
	}
	h.messages <- text
}

func (h *heard) Closed(reason Reason) { h.ended <- reason }

// listener makes a server whose sessions are heard; made gives them in the order of their handshakes.
func listener(config Config, setUp ...func(*heard)) (srv *Server, made chan *heard) {
	made = make(chan *heard, 100)
	srv = NewServer(config, func(s *Session) Receiver {
		h := &heard{session: s, messages: make(chan string, 1000), ended: make(chan Reason, 2)}
		for _, f := range setUp {
			f(h)
		}
		made <- h
		return h
	})
	return srv, made
}

// Len is how many sessions there are.
func (srv *Server) Len() int {
	srv.mu.Lock()
	defer srv.mu.Unlock()
	return len(srv.sessions)
}

// call sends a request to the handler directly, without a network.
func call(ctx context.Context, srv *Server, method, query, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequestWithContext(ctx, method, "/?EIO=4&transport=polling"+query, strings.NewReader(body))
	w := httptest.NewRecorder()
	srv.ServeHTTP(w, r)
	return w
}

func poll(t *testing.T, srv *Server, s *Session) *httptest.ResponseRecorder {
	t.Helper()
	return call(t.Context(), srv, http.MethodGet, "&sid="+s.ID(), "")
}

func post(t *testing.T, srv *Server, s *Session, body string) *httptest.ResponseRecorder {
	t.Helper()
	return call(t.Context(), srv, http.MethodPost, "&sid="+s.ID(), body)
}

// pollLater polls on a goroutine of its own.
func pollLater(t *testing.T, srv *Server, s *Session) <-chan *httptest.ResponseRecorder {
	t.Helper()
	answer := make(chan *httptest.ResponseRecorder, 1)
	go func() { answer <- poll(t, srv, s) }()
	return answer
}

// openPolling makes a polling session.
func openPolling(t *testing.T, srv *Server, made chan *heard) *heard {
	t.Helper()
	w := call(t.Context(), srv, http.MethodGet, "", "")
	require.Equal(t, http.StatusOK, w.Code)
	h := <-made
	var open struct{ SID string }
	require.NoError(t, json.Unmarshal(w.Body.Bytes()[1:], &open))
	require.Equal(t, h.session.ID(), open.SID)
	return h
}

// answered checks the answer to a poll or POST.
func answered(t *testing.T, w *httptest.ResponseRecorder, status int, body string) {
	t.Helper()
	require.Equal(t, status, w.Code, w.Body.String())
	if body != "" {
		require.Equal(t, body, w.Body.String())
	}
}

// network serves on a real socket.
func network(t *testing.T, srv *Server) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(srv)
	t.Cleanup(server.Close)
	return server
}

// dial opens a WebSocket; sid may be "".
func dial(t *testing.T, server *httptest.Server, sid string) *websocket.Conn {
	t.Helper()
	url := strings.Replace(server.URL, "http", "ws", 1) + "/?EIO=4&transport=websocket"
	if sid != "" {
		url += "&sid=" + sid
	}
	conn, resp, err := websocket.DefaultDialer.Dial(url, nil)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	t.Cleanup(func() { conn.Close() })
	require.NoError(t, conn.SetReadDeadline(time.Now().Add(patience)))
	return conn
}

// openWebSocket makes a session on a WebSocket.
func openWebSocket(t *testing.T, server *httptest.Server, made chan *heard) (*websocket.Conn, *heard) {
	t.Helper()
	conn := dial(t, server, "")
	require.Equal(t, "0", read(t, conn)[:1])
	return conn, <-made
}

func write(t *testing.T, conn *websocket.Conn, text string) {
	t.Helper()
	require.NoError(t, conn.WriteMessage(websocket.TextMessage, []byte(text)))
}

func read(t *testing.T, conn *websocket.Conn) string {
	t.Helper()
	_, data, err := conn.ReadMessage()
	require.NoError(t, err)
	return string(data)
}

// within waits for a value.
func within[T any](t *testing.T, from <-chan T) T {
	t.Helper()
	select {
	case value := <-from:
		return value
	case <-time.After(patience):
		require.FailNow(t, "nothing came")
		panic("unreachable")
	}
}
