package socketio

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"

	"github.com/brickboard/brickboard/transport/live/engineio"
)

const patience = 10 * time.Second

// asked is a CONNECT that waits for its answer.
type asked struct {
	socket *Socket
	auth   string
}

// heard collects what an accepted socket's handler hears.
type heard struct {
	events chan Event
	acks   chan Ack
	ended  chan engineio.Reason
}

func newHeard() *heard {
	return &heard{make(chan Event, 100), make(chan Ack, 100), make(chan engineio.Reason, 2)}
}

func (h *heard) Event(e Event)                       { h.events <- e }
func (h *heard) Ack(a Ack)                           { h.acks <- a }
func (h *heard) Disconnected(reason engineio.Reason) { h.ended <- reason }

// listener makes a server with the namespaces / and /dashboard, whose CONNECTs wait to be answered.
func listener(config Config) (srv *Server, connects chan asked) {
	connects = make(chan asked, 10)
	connect := func(s *Socket, auth json.RawMessage) { connects <- asked{s, string(auth)} }
	config.Namespaces = map[string]Connect{"/": connect, "/dashboard": connect}
	return NewServer(config), connects
}

// remote is a client over a WebSocket.
type remote struct {
	*websocket.Conn
	t *testing.T
}

// dial opens a session.
func dial(t *testing.T, srv *Server) remote {
	t.Helper()
	server := httptest.NewServer(srv)
	t.Cleanup(server.Close)
	url := strings.Replace(server.URL, "http", "ws", 1) + "/socket.io/?EIO=4&transport=websocket"
	conn, resp, err := websocket.DefaultDialer.Dial(url, nil)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	t.Cleanup(func() { conn.Close() })
	require.NoError(t, conn.SetReadDeadline(time.Now().Add(patience)))
	r := remote{conn, t}
	require.True(t, strings.HasPrefix(r.read(), "0{"))
	return r
}

// joined opens a session and has its socket accepted.
func joined(t *testing.T, srv *Server, connects chan asked, namespace string) (remote, *Socket, *heard) {
	t.Helper()
	r := dial(t, srv)
	socket, h := r.join(connects, namespace)
	return r, socket, h
}

func (r remote) join(connects chan asked, namespace string) (*Socket, *heard) {
	r.t.Helper()
	r.send("40" + namespace)
	a, h := within(r.t, connects), newHeard()
	require.True(r.t, a.socket.Accept(h, ""))
	require.Contains(r.t, r.read(), `{"sid":"`+a.socket.ID()+`"}`)
	return a.socket, h
}

func (r remote) send(text string) {
	r.t.Helper()
	require.NoError(r.t, r.WriteMessage(websocket.TextMessage, []byte(text)))
}

func (r remote) sendBinary(data ...byte) {
	r.t.Helper()
	require.NoError(r.t, r.WriteMessage(websocket.BinaryMessage, data))
}

func (r remote) read() string {
	r.t.Helper()
	_, data, err := r.ReadMessage()
	require.NoError(r.t, err)
	return string(data)
}

// closed waits for the server to close the session.
func (r remote) closed() {
	r.t.Helper()
	_, _, err := r.ReadMessage()
	require.Error(r.t, err)
	require.NotContains(r.t, err.Error(), "timeout")
}

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

// call sends a polling request to the handler directly.
func call(t *testing.T, srv *Server, method, query, body string) string {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, "/?EIO=4&transport=polling"+query, strings.NewReader(body))
	w := httptest.NewRecorder()
	srv.ServeHTTP(w, r)
	require.Equal(t, http.StatusOK, w.Code)
	return w.Body.String()
}

// open opens a session over polling, and gives what names it in the query.
func open(t *testing.T, srv *Server) (sid string) {
	t.Helper()
	var opened struct{ SID string }
	require.NoError(t, json.Unmarshal([]byte(call(t, srv, http.MethodGet, "", "")[1:]), &opened))
	return "&sid=" + opened.SID
}
