package plain

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"
)

const (
	patience    = 20 * time.Second
	subprotocol = "chat.v1"
)

// heard is the client of one request, and what it heard, in order.
type heard struct {
	opened   func(*Session) // is called first, where it is not nil
	received func(*Session)
	session  *Session // from "opened" on
	events   chan string
}

func (h *heard) Opened(s *Session) {
	if h.opened != nil {
		h.opened(s)
	}
	h.session = s
	h.events <- "opened"
}

func (h *heard) Received(s *Session) {
	if h.received != nil {
		h.received(s)
	}
	h.events <- "received"
}

func (h *heard) Closed(reason Reason) { h.events <- string(reason) }

func (h *heard) next(t *testing.T) string {
	t.Helper()
	select {
	case event := <-h.events:
		return event
	case <-time.After(patience):
		require.FailNow(t, "nothing happened")
		return ""
	}
}

// world is a Server, and the clients of its requests, in their order.
type world struct {
	*Server
	arrange func(*heard)
	clients chan *heard
}

func (w *world) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	h := &heard{events: make(chan string, 1000)}
	if w.arrange != nil {
		w.arrange(h)
	}
	w.clients <- h
	w.Accept(rw, r, h)
}

// newWorld makes a server whose times are long and whose bounds are small. Nothing of it is left at the test's end.
func newWorld(t *testing.T, change func(*Config), arrange func(*heard)) *world {
	t.Helper()
	c := Config{
		Subprotocol: subprotocol, PingInterval: time.Minute, PingTimeout: time.Minute, WriteWait: time.Minute,
		MaxPayload: 1000, SendBuffer: 4, Log: slog.New(slog.DiscardHandler),
	}
	if change != nil {
		change(&c)
	}
	w := &world{Server: NewServer(c), arrange: arrange, clients: make(chan *heard, 1000)}
	t.Cleanup(func() {
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		_ = w.Shutdown(ctx, 0) // cuts off who is left
		w.conns.Wait()
		require.Zero(t, w.melody.Len())
	})
	return w
}

// serve serves on a real socket.
func (w *world) serve(t *testing.T) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(w)
	t.Cleanup(server.Close)
	return server
}

// dial opens a WebSocket to the server; headers come in pairs.
func dial(t *testing.T, server *httptest.Server, headers ...string) (*websocket.Conn, *http.Response, error) {
	t.Helper()
	header := http.Header{}
	for i := 0; i < len(headers); i += 2 {
		header.Set(headers[i], headers[i+1])
	}
	dialer := websocket.Dialer{WriteBufferSize: 256}
	if transport, ok := server.Client().Transport.(*http.Transport); ok {
		dialer.TLSClientConfig = transport.TLSClientConfig
	}
	conn, response, err := dialer.Dial(strings.Replace(server.URL, "http", "ws", 1), header)
	if err == nil {
		t.Cleanup(func() { _ = conn.Close() })
		require.NoError(t, conn.SetReadDeadline(time.Now().Add(patience)))
	}
	return conn, response, err
}

// open opens a WebSocket and its session.
func (w *world) open(t *testing.T, server *httptest.Server) (*websocket.Conn, *heard) {
	t.Helper()
	conn, _, err := dial(t, server)
	require.NoError(t, err)
	h := <-w.clients
	require.Equal(t, "opened", h.next(t))
	return conn, h
}

func read(t *testing.T, conn *websocket.Conn) string {
	t.Helper()
	kind, text, err := conn.ReadMessage()
	require.NoError(t, err)
	require.Equal(t, websocket.TextMessage, kind)
	return string(text)
}

// closeCode reads to the connection's end and returns its close code, 0 where it just broke.
func closeCode(t *testing.T, conn *websocket.Conn) int {
	t.Helper()
	for {
		_, _, err := conn.ReadMessage()
		if err == nil {
			continue
		}
		var closed *websocket.CloseError
		if errors.As(err, &closed) && closed.Code != websocket.CloseAbnormalClosure {
			return closed.Code
		}
		require.NotContains(t, err.Error(), "timeout", "the connection is still open")
		return 0
	}
}

// big is more than a connection holds unread.
func big() []byte { return make([]byte, 16<<20) }
