package live

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"

	"github.com/brickboard/brickboard/internal/testsupport"
	"github.com/brickboard/brickboard/transport/auth"
)

// poll sends a request to the Socket.IO endpoint.
func (s *server) poll(t testing.TB, method, query string, header ...string) *http.Response {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, s.URL+SocketIOPath+query, nil)
	require.NoError(t, err)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	response, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	return response
}

// handshaken opens a transport without a session.
func (s *server) handshaken(t testing.TB) *websocket.Conn {
	t.Helper()
	conn, _, err := websocket.DefaultDialer.Dial("ws"+strings.TrimPrefix(s.URL, "http")+SocketIOPath+"?EIO=4&transport=websocket", nil)
	require.NoError(t, err)
	t.Cleanup(func() { conn.Close() })
	require.NoError(t, conn.SetReadDeadline(time.Now().Add(patience)))
	_, _, err = conn.ReadMessage()
	require.NoError(t, err)
	return conn
}

const handshakeQuery = "?EIO=4&transport=polling"

// Who has shown no token takes nobody's seat.
func TestHub_HandshakesTakeNoSeat(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	s := h.serve(t, func(c *Config, _ *Deps) { c.Sessions = 3 })
	const many = 20
	for range many {
		require.Equal(t, http.StatusOK, s.poll(t, http.MethodGet, handshakeQuery).StatusCode)
	}
	require.Eventually(t, func() bool { return s.metric(t, "live_unconnected_total", "displaced") == many-3 }, patience, tick)
	token := h.token(t, "ada")
	mustDialPlain(t, s, token, "")
	mustDialSocketIO(t, s, map[string]any{"token": token})
	mustDialSocketIO(t, s, map[string]any{"token": token})
	require.Equal(t, http.StatusServiceUnavailable, s.poll(t, http.MethodGet, handshakeQuery).StatusCode, "these have a seat each")
}

// Clients that came while there was a seat and show their token when there is none are told to come back.
func TestHub_ASeatIsTakenOnce(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	s := h.serve(t, func(c *Config, _ *Deps) { c.Sessions = 2 })
	conns := []*websocket.Conn{s.handshaken(t), s.handshaken(t)}
	seated := mustDialPlain(t, s, h.token(t, "bob"), "")
	connect := fmt.Sprintf(`40/dashboard,{"token":%q}`, h.token(t, "ada"))
	for _, conn := range conns {
		require.NoError(t, conn.WriteMessage(websocket.TextMessage, []byte(connect)))
	}
	let := 0
	for _, conn := range conns {
		_, reply, err := conn.ReadMessage()
		if err == nil {
			require.Contains(t, string(reply), `40/dashboard,{"sid":`)
			let++
			continue
		}
		require.True(t, websocket.IsCloseError(err, websocket.CloseNormalClosure), err)
	}
	require.Equal(t, 1, let)
	require.Eventually(t, func() bool { return s.metric(t, "live_unconnected_total", reasonUnavailable) == 1 }, patience, tick)
	require.NoError(t, seated.conn.Close())
	require.Eventually(t, func() bool { return s.hub.available(t.Context()) == nil }, patience, tick)
	mustDialSocketIO(t, s, map[string]any{"token": h.token(t, "ada")})
}

// What a client sends before it has a session leaves a trace too.
func TestHub_MalformedBeforeConnect(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	s := h.serve(t)
	for packet, reason := range map[string]string{
		"nonsense": "parse_error", "4nonsense": "malformed_packet", "42/dashboard,[\"a\"]": "unexpected_packet", "1": "client_closed",
	} {
		require.NoError(t, s.handshaken(t).WriteMessage(websocket.TextMessage, []byte(packet)))
		require.Eventually(t, func() bool { return s.metric(t, "live_unconnected_total", reason) == 1 }, patience, tick, packet)
	}
	left := mustDialSocketIO(t, s, map[string]any{"token": h.token(t, "ada")})
	for _, packet := range []string{"41/dashboard,", "9"} {
		require.NoError(t, left.conn.WriteMessage(websocket.TextMessage, []byte(packet)))
	}
	require.Eventually(t, func() bool { return s.metric(t, "live_unconnected_total", "parse_error") == 2 }, patience, tick)
	require.EqualValues(t, 1, s.metric(t, "live_disconnects_total"))
}

// Pages of allowed origins may poll, and read refusals; others' may not.
func TestSocketIO_CrossOrigin(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	s := h.serve(t)
	const allowed, foreign = "https://bricks.example", "https://evil.example"
	for query, status := range map[string]int{handshakeQuery: http.StatusOK, handshakeQuery + "&sid=unknown": http.StatusBadRequest} {
		response := s.poll(t, http.MethodGet, query, "Origin", allowed)
		require.Equal(t, status, response.StatusCode)
		require.Equal(t, allowed, response.Header.Get("Access-Control-Allow-Origin"))
		require.Equal(t, "true", response.Header.Get("Access-Control-Allow-Credentials"))
		require.Equal(t, "Origin", response.Header.Get("Vary"))
	}
	asks := []string{"Access-Control-Request-Method", "POST", "Access-Control-Request-Headers", "authorization,content-type"}
	response := s.poll(t, http.MethodOptions, handshakeQuery, append(asks, "Origin", allowed)...)
	require.Equal(t, http.StatusNoContent, response.StatusCode)
	require.Equal(t, allowed, response.Header.Get("Access-Control-Allow-Origin"))
	require.Equal(t, "GET, POST", response.Header.Get("Access-Control-Allow-Methods"))
	require.Equal(t, "Authorization, Content-Type", response.Header.Get("Access-Control-Allow-Headers"))

	for method, status := range map[string]int{http.MethodGet: http.StatusForbidden, http.MethodOptions: http.StatusBadRequest} {
		response := s.poll(t, method, handshakeQuery, append(asks, "Origin", foreign)...)
		require.Equal(t, status, response.StatusCode)
		require.Empty(t, response.Header.Get("Access-Control-Allow-Origin"))
	}
	require.NoError(t, s.hub.Shutdown(t.Context()))
	response = s.poll(t, http.MethodGet, handshakeQuery, "Origin", allowed)
	require.Equal(t, http.StatusServiceUnavailable, response.StatusCode)
	require.Equal(t, allowed, response.Header.Get("Access-Control-Allow-Origin"))
}

// A GET that announces a body and does not send it is not waited for longer than any other request.
func TestSocketIO_ABodyThatDoesNotCome(t *testing.T) {
	t.Parallel()
	s, _ := newShelf(t, 1)
	var err error
	s.hub.deps.Verifier, err = auth.NewVerifier(t.Context(), auth.Config{Secret: []byte(secret)}, testsupport.Logger(t))
	require.NoError(t, err)
	s.hub.deps.Origins, err = auth.NewOrigins(nil)
	require.NoError(t, err)
	s.Server = httptest.NewUnstartedServer(s.hub)
	s.Config.ReadTimeout = 100 * time.Millisecond
	s.Start()
	t.Cleanup(s.Close)
	conn, err := net.Dial("tcp", s.Listener.Addr().String())
	require.NoError(t, err)
	t.Cleanup(func() { conn.Close() })
	require.NoError(t, conn.SetReadDeadline(time.Now().Add(patience)))
	_, err = fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: bricks.example\r\nContent-Length: 5\r\n\r\n", SocketIOPath+handshakeQuery)
	require.NoError(t, err)
	_, err = io.ReadAll(conn)
	require.NoError(t, err, "the connection is held")
}
