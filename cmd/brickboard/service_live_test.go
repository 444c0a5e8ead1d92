package main

import (
	"fmt"
	"net/http"
	"syscall"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"

	"github.com/brickboard/brickboard/internal/testsupport"
)

// Two collectors change and watch at the same time: neither ever gets a frame of the other.
func socketsSideBySide(t *testing.T, p *process) {
	const each = 6
	var sockets [2][2]*socket // by collector and protocol
	var clients [2]client
	var views [2]*view
	for n, name := range []string{"anna", "otto"} {
		clients[n] = p.as(t, name)
		sockets[n] = [2]*socket{clients[n].plain(t, ""), clients[n].socketIO(t, map[string]any{"token": clients[n].token})}
		views[n] = clients[n].load(t)
	}
	require.NotEqual(t, views[0].epoch, views[1].epoch)
	for range each { // in turns: what came astray stands before the next own frame
		for n, c := range clients {
			c.add(t, "wishlist", aWish)
			revision := views[n].told["summary"] + 1
			for _, s := range sockets[n] {
				s.awaitRevision(t, revision)
			}
			views[n].follow(t, sockets[n][0].all())
		}
	}
	for n := range clients {
		require.Equal(t, clients[n].load(t).sections, views[n].sections)
		for _, s := range sockets[n] {
			require.Len(t, s.all(), each)
			for i, e := range s.all() {
				require.Equal(t, views[n].epoch, e.Epoch)
				require.Contains(t, string(e.Payload), fmt.Sprintf(`"totalWishlistItems":%d`, i+1))
			}
		}
	}
}

func socketsRefused(t *testing.T, p *process) {
	const plain, foreign = "/ws/dashboard", "https://evil.example"
	rita := p.as(t, "rita")
	bearer := "Bearer " + rita.token
	for name, c := range map[string]struct {
		path    string
		headers []string
		status  int
	}{
		"Absent":          {plain, nil, 401},
		"Wrong":           {plain, []string{"Authorization", bearer + "x"}, 401},
		"InTheURL":        {plain + "?token=" + rita.token, nil, 401},
		"ForeignOrigin":   {plain, []string{"Authorization", bearer, "Origin", foreign}, 403},
		"ForeignSocketIO": {overWebSocket, []string{"Origin", foreign}, 403},
	} {
		_, response, err := rita.dial(c.path, c.headers...)
		require.ErrorIs(t, err, websocket.ErrBadHandshake, name)
		require.Equal(t, c.status, response.StatusCode, name)
	}
	conn, _, err := rita.dial(plain, "Sec-WebSocket-Protocol", "brickboard.v1, bearer.nonsense")
	require.NoError(t, err)
	s := &socket{conn: conn}
	s.listen(t, s.keep)
	require.Equal(t, 4401, s.awaitEnd(t), "a browser cannot see the status")
	for _, token := range []any{nil, "nonsense", rita.token + "x"} {
		conn, _, err := rita.dial(overWebSocket)
		require.NoError(t, err)
		require.Equal(t, `44/dashboard,{"message":"AUTH_FAILED","data":{"code":"AUTH_FAILED"}}`, greet(t, conn, map[string]any{"token": token}))
		s := &socket{conn: conn}
		s.listen(t, s.packet)
		s.awaitEnd(t)
		require.Empty(t, s.all())
	}
}

// A token that expires while its session is open ends it, and not before.
func tokenExpires(t *testing.T, p *process) {
	const ttl = 8 * time.Second
	began := time.Now()
	fay := p.as(t, "fay", "--ttl", ttl.String())
	plain, socketIO := fay.plain(t, ""), fay.socketIO(t, map[string]any{"token": fay.token})
	fay.add(t, "wishlist", aWish)
	for s, code := range map[*socket]int{plain: 4401, socketIO: websocket.CloseNormalClosure} {
		require.Equal(t, code, s.awaitEnd(t))
		require.Equal(t, []string{"summaryUpdated", "error"}, s.types())
		require.Contains(t, string(s.all()[1].Payload), `"code":"TOKEN_EXPIRED"`)
	}
	require.Greater(t, time.Since(began), ttl-time.Second) // tokens count in whole seconds
	require.Equal(t, http.StatusUnauthorized, fay.send("GET", "/api/dashboard", nil).status)
}

// Two servers on one database: what is changed through one is told by the other. A server that ends tells its sessions
// to come back; when they do, on the one that takes its place, they are told what they missed, and only that.
func TestService_SocketsOfTwoServers(t *testing.T) {
	t.Parallel()
	args := []string{"--database-url", testsupport.DatabaseURL(t), "--live-spread", "1ms", "--poll-interval", "1h"}
	first, second := startServer(t, args...), startServer(t, args...)
	watching := first.as(t, "ada")
	changing := watching
	changing.base = "http://" + second.addr
	plain, socketIO := watching.plain(t, ""), watching.socketIO(t, map[string]any{"token": watching.token})
	page := watching.load(t)
	changing.add(t, "wishlist", aWish)
	for _, s := range []*socket{plain, socketIO} {
		s.await(t, 1)
	}
	began := time.Now()
	changing.add(t, "mocs", aMOC) // of all four sections
	for _, s := range []*socket{plain, socketIO} {
		s.await(t, 5)
	}
	require.Less(t, time.Since(began), 9*time.Second, "found by the comparison, every ten seconds")
	page.follow(t, plain.all())
	require.Equal(t, changing.load(t).sections, page.sections)

	require.NoError(t, first.cmd.Process.Signal(syscall.SIGTERM))
	for _, s := range []*socket{plain, socketIO} {
		require.Equal(t, websocket.CloseGoingAway, s.awaitEnd(t))
		require.Len(t, s.all(), 5)
	}
	first.wait(t)
	require.Zero(t, first.cmd.ProcessState.ExitCode())
	require.Equal(t, page.since(), socketIO.lastOffset())
	changing.add(t, "mocs", `{"title":"Gate","theme":"Castle"}`) // while the sessions are away
	changing.eventually(t, func(d dashboard) bool { return d.Summary.TotalMocs == 2 })

	watching.base = "http://" + startServer(t, args...).addr
	again := watching.plain(t, "?since="+page.since())
	recovered := watching.socketIO(t, map[string]any{"token": watching.token, "pid": socketIO.pid, "offset": socketIO.lastOffset()})
	require.Equal(t, socketIO.pid, recovered.pid, "recovered")
	told := []string{"summaryUpdated", "themeBreakdownUpdated", "recentMocsUpdated"}
	page.follow(t, again.await(t, len(told)))
	recovered.await(t, len(told))
	require.Equal(t, changing.load(t).sections, page.sections)
	changing.add(t, "wishlist", aWish) // and so it goes on
	told = append(told, "summaryUpdated")
	for _, s := range []*socket{again, recovered} {
		s.await(t, len(told))
		require.Equal(t, told, s.types())
	}
	page.follow(t, again.all())
	require.Equal(t, changing.load(t).sections, page.sections)

	lost := watching.plain(t, "?since=of-another-database.1")
	lost.await(t, 1)
	require.Equal(t, []string{"resync"}, lost.types())
}
