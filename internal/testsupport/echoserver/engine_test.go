package main

import (
	"net/http"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"

	"github.com/brickboard/brickboard/transport/live/socketio"
)

// What the official suites ask of Engine.IO, of both paths; on /engine.io/ messages come back too.

func bothPaths(t *testing.T, config socketio.Config, test func(t *testing.T, p protocol)) {
	t.Helper()
	t.Parallel()
	addr := serve(t, config)
	for _, path := range []string{"/engine.io/", "/socket.io/"} {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			test(t, protocol{t, addr, path, config.Engine})
		})
	}
}

func engine(t *testing.T) protocol {
	t.Helper()
	t.Parallel()
	return protocol{t, serve(t, calm()), "/engine.io/", calm().Engine}
}

func TestEngine_Handshake(t *testing.T) {
	bothPaths(t, suites(), func(t *testing.T, p protocol) {
		status, answer := p.request(http.MethodGet, "EIO=4&transport=polling", "")
		require.Equal(t, http.StatusOK, status)
		require.Equal(t, []string{"websocket"}, p.parseOpen(answer).Upgrades)
		p.open()
	})
}

func TestEngine_BadHandshake(t *testing.T) {
	bothPaths(t, calm(), func(t *testing.T, p protocol) {
		for _, c := range []struct{ method, query, answer string }{
			{http.MethodGet, "transport=polling", `{"code":5,"message":"Unsupported protocol version"}`},
			{http.MethodGet, "EIO=abc&transport=polling", `{"code":5,"message":"Unsupported protocol version"}`},
			{http.MethodGet, "EIO=3&transport=polling", `{"code":5,"message":"Unsupported protocol version"}`},
			{http.MethodGet, "EIO=4", `{"code":0,"message":"Transport unknown"}`},
			{http.MethodGet, "EIO=4&transport=abc", `{"code":0,"message":"Transport unknown"}`},
			{http.MethodPost, "EIO=4&transport=polling", `{"code":2,"message":"Bad handshake method"}`},
			{http.MethodPut, "EIO=4&transport=polling", `{"code":2,"message":"Bad handshake method"}`},
			{http.MethodGet, "EIO=4&transport=websocket", `{"code":3,"message":"Bad request"}`},
			{http.MethodGet, "EIO=4&transport=polling&sid=nobody", `{"code":1,"message":"Session ID unknown"}`},
		} {
			status, answer := p.request(c.method, c.query, "")
			require.Equal(t, http.StatusBadRequest, status, c.query)
			require.JSONEq(t, c.answer, answer, c.query)
		}
	})
}

func TestEngine_BadWebSocketHandshake(t *testing.T) {
	bothPaths(t, calm(), func(t *testing.T, p protocol) {
		for _, query := range []string{
			"transport=websocket", "EIO=abc&transport=websocket", "EIO=4", "EIO=4&transport=abc", "EIO=4&transport=polling",
			"EIO=4&transport=websocket&sid=nobody",
		} {
			_, resp, err := websocket.DefaultDialer.Dial(p.url("ws", query), nil)
			require.ErrorIs(t, err, websocket.ErrBadHandshake, query)
			require.Equal(t, http.StatusBadRequest, resp.StatusCode, query)
			require.NoError(t, resp.Body.Close())
		}
	})
}

func TestEngine_PollingMessages(t *testing.T) {
	p := engine(t)
	for _, payload := range []string{"4hello", "4test1\x1e4test2\x1e4test3", "4hello\x1ebAQIDBA=="} {
		sid := p.session()
		status, answer := p.post(sid, payload)
		require.Equal(t, http.StatusOK, status)
		require.Equal(t, "ok", answer)
		status, answer = p.poll(sid)
		require.Equal(t, http.StatusOK, status)
		require.Equal(t, payload, answer)
	}
}

func TestEngine_PollingInvalidPacket(t *testing.T) {
	p := engine(t)
	sid := p.session()
	status, _ := p.post(sid, "abc")
	require.Equal(t, http.StatusBadRequest, status)
	status, _ = p.poll(sid)
	require.Equal(t, http.StatusBadRequest, status)
}

func TestEngine_DuplicatePoll(t *testing.T) {
	p := engine(t)
	sid := p.session()
	answers := map[int]string{}
	for _, poll := range []sent{p.sendPoll(sid), p.sendPoll(sid)} {
		status, answer := poll.answer()
		answers[status] = answer
	}
	require.Equal(t, "1", answers[http.StatusOK])
	require.Contains(t, answers, http.StatusBadRequest)
	status, _ := p.poll(sid)
	require.Equal(t, http.StatusBadRequest, status)
}

func TestEngine_CancelledPoll(t *testing.T) {
	p := engine(t)
	sid := p.session()
	require.NoError(t, p.sendPoll(sid).Close())
	require.Eventually(t, func() bool {
		status, _ := p.post(sid, "3")
		return status == http.StatusBadRequest
	}, patience, 10*time.Millisecond)
}

func TestEngine_WebSocketMessages(t *testing.T) {
	p := engine(t)
	s := p.open()
	s.send("4hello")
	require.Equal(t, "4hello", s.read())
	s.sendBinary(1, 2, 3, 4)
	require.Equal(t, []byte{1, 2, 3, 4}, s.readBinary())
}

func TestEngine_WebSocketInvalidPacket(t *testing.T) {
	p := engine(t)
	s := p.open()
	s.send("abc")
	s.closed()
}

func TestEngine_Pings(t *testing.T) {
	config := calm()
	config.Engine.PingInterval = 100 * time.Millisecond
	bothPaths(t, config, func(t *testing.T, p protocol) {
		sid, s := p.session(), p.dial("EIO=4&transport=websocket")
		s.read()
		for range 3 {
			status, answer := p.poll(sid)
			require.Equal(t, http.StatusOK, status)
			require.Equal(t, "2", answer)
			status, _ = p.post(sid, "3")
			require.Equal(t, http.StatusOK, status)
			require.Equal(t, "2", s.read())
			s.send("3")
		}
	})
}

func TestEngine_PingTimeout(t *testing.T) {
	bothPaths(t, suites(), func(t *testing.T, p protocol) {
		began, s := time.Now(), p.open()
		sid := p.session()
		s.closed()
		require.GreaterOrEqual(t, time.Since(began), 500*time.Millisecond)
		require.Eventually(t, func() bool {
			status, _ := p.post(sid, "3") // too late to count; an earlier one does not get here
			return status == http.StatusBadRequest
		}, patience, 600*time.Millisecond)
	})
}

func TestEngine_ClientCloses(t *testing.T) {
	bothPaths(t, calm(), func(t *testing.T, p protocol) {
		sid := p.session()
		poll := p.sendPoll(sid)
		status, answer := p.post(sid, "1")
		require.Equal(t, http.StatusOK, status)
		require.Equal(t, "ok", answer)
		status, answer = poll.answer()
		require.Equal(t, http.StatusOK, status)
		require.Equal(t, "6", answer)
		status, _ = p.poll(sid)
		require.Equal(t, http.StatusBadRequest, status)

		s := p.open()
		s.send("1")
		s.closed()
	})
}

func TestEngine_Upgrade(t *testing.T) {
	p := engine(t)
	sid := p.session()
	s := p.dial("EIO=4&transport=websocket&sid=" + sid)
	s.send("2probe")
	require.Equal(t, "3probe", s.read())
	status, answer := p.poll(sid)
	require.Equal(t, http.StatusOK, status)
	require.Equal(t, "6", answer)
	s.send("5")
	s.send("4hello")
	require.Equal(t, "4hello", s.read())

	status, answer = p.poll(sid)
	require.Equal(t, http.StatusBadRequest, status)
	require.JSONEq(t, `{"code":3,"message":"Bad request"}`, answer)
	p.dial("EIO=4&transport=websocket&sid=" + sid).closed()
	s.send("4still here")
	require.Equal(t, "4still here", s.read())
}
