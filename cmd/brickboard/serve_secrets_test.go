package main

import (
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"

	"github.com/brickboard/brickboard/internal/testsupport"
)

// A token is given in every way that there is, and some that there are not; none of it stands in the log.
func TestServe_SecretsStayOutOfTheLog(t *testing.T) {
	t.Parallel()
	p := startServer(t, "--database-url", testsupport.DatabaseURL(t), "--log-level", "debug")
	good := p.as(t, "ada")
	wrong := good
	wrong.token += "x"
	for _, c := range []client{good, wrong} {
		c.do("GET", "/api/dashboard", nil, nil)
		c.do("POST", "/api/session", nil, nil)
		client{t: t, base: c.base}.send("GET", "/api/session?token="+c.token, nil, "Cookie", "brickboard_token="+c.token)
	}

	for _, s := range []*socket{
		good.plain(t, ""), good.bySubprotocol(t), good.socketIO(t, map[string]any{"token": good.token}),
	} {
		require.NoError(t, s.conn.Close())
	}
	for _, headers := range [][]string{{"Authorization", "Bearer " + wrong.token}, {"Cookie", "brickboard_token=" + wrong.token}, nil} {
		_, _, err := wrong.dial("/ws/dashboard?token="+good.token, headers...)
		require.ErrorIs(t, err, websocket.ErrBadHandshake)
	}
	wrong.bySubprotocol(t).awaitEnd(t)
	conn, _, err := wrong.dial(overWebSocket)
	require.NoError(t, err)
	greet(t, conn, map[string]any{"token": wrong.token})
	require.NoError(t, conn.Close())
	conn, _, err = good.dial(overWebSocket)
	require.NoError(t, err)
	require.NoError(t, conn.WriteMessage(websocket.TextMessage, []byte(`40/dashboard,{"token":"`+good.token))) // is no packet
	s := &socket{conn: conn}
	s.listen(t, func([]byte) error { return nil })
	s.awaitEnd(t)

	log := func() string { return p.log.String() }
	require.Eventually(t, func() bool {
		return strings.Count(log(), "live session opened") == 3 && strings.Count(log(), "live session ended") == 3 &&
			strings.Count(log(), "live session refused") >= 5
	}, patience, 10*time.Millisecond)
	require.Contains(t, log(), "/api/dashboard")
	require.NotContains(t, log(), secretForTests)
	for _, part := range strings.Split(good.token, ".")[1:] {
		require.NotContains(t, log(), part)
	}
}

// bySubprotocol opens a plain WebSocket as a browser does that has no cookie.
func (c client) bySubprotocol(t *testing.T) *socket {
	t.Helper()
	conn, _, err := c.dial("/ws/dashboard", "Sec-WebSocket-Protocol", "brickboard.v1, bearer."+c.token)
	require.NoError(t, err)
	s := &socket{conn: conn}
	s.listen(t, s.keep)
	return s
}
