package main

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"

	"github.com/brickboard/brickboard/transport/live/engineio"
	"github.com/brickboard/brickboard/transport/live/socketio"
)

const patience = 20 * time.Second

// calm is a configuration with which no ping comes between what a test expects.
func calm() socketio.Config {
	return socketio.Config{Engine: engineio.Config{PingInterval: 25 * time.Second, PingTimeout: 20 * time.Second, MaxPayload: 1_000_000}}
}

// serve starts the server as the command does, on a free port, and gives its address.
func serve(t *testing.T, config socketio.Config) string {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	addr, done := make(chan string, 1), make(chan error, 1)
	go func() { done <- run(ctx, "127.0.0.1:0", config, func(a string) { addr <- a }) }()
	t.Cleanup(func() {
		cancel()
		require.NoError(t, <-done)
	})
	return <-addr
}

// protocol is one path of the server.
type protocol struct {
	t          *testing.T
	addr, path string
	config     engineio.Config
}

func (p protocol) url(scheme, query string) string {
	return scheme + "://" + p.addr + p.path + "?" + query
}

// request sends a request and reads its answer.
func (p protocol) request(method, query, body string) (status int, answer string) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.t.Context(), patience)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, method, p.url("http", query), strings.NewReader(body))
	require.NoError(p.t, err)
	resp, err := http.DefaultClient.Do(r)
	require.NoError(p.t, err)
	return readAll(p.t, resp)
}

func readAll(t *testing.T, resp *http.Response) (status int, body string) {
	t.Helper()
	defer resp.Body.Close()
	read, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	return resp.StatusCode, string(read)
}

func (p protocol) poll(sid string) (status int, answer string) {
	p.t.Helper()
	return p.request(http.MethodGet, "EIO=4&transport=polling&sid="+sid, "")
}

func (p protocol) post(sid, body string) (status int, answer string) {
	p.t.Helper()
	return p.request(http.MethodPost, "EIO=4&transport=polling&sid="+sid, body)
}

// packets polls until so many packets have come.
func (p protocol) packets(sid string, n int) (all []string) {
	p.t.Helper()
	for len(all) < n {
		status, answer := p.poll(sid)
		require.Equal(p.t, http.StatusOK, status)
		all = append(all, strings.Split(answer, "\x1e")...)
	}
	return all
}

// sent is a poll whose answer is read later, if ever.
type sent struct {
	net.Conn
	t *testing.T
}

func (p protocol) sendPoll(sid string) sent {
	p.t.Helper()
	conn, err := net.Dial("tcp", p.addr)
	require.NoError(p.t, err)
	p.t.Cleanup(func() { conn.Close() })
	require.NoError(p.t, conn.SetDeadline(time.Now().Add(patience)))
	r, err := http.NewRequest(http.MethodGet, p.url("http", "EIO=4&transport=polling&sid="+sid), nil)
	require.NoError(p.t, err)
	require.NoError(p.t, r.Write(conn))
	return sent{conn, p.t}
}

func (s sent) answer() (status int, answer string) {
	s.t.Helper()
	resp, err := http.ReadResponse(bufio.NewReader(s), nil)
	require.NoError(s.t, err)
	return readAll(s.t, resp)
}

// opened is what an open packet says.
type opened struct {
	SID          string   `json:"sid"`
	Upgrades     []string `json:"upgrades"`
	PingInterval int64    `json:"pingInterval"`
	PingTimeout  int64    `json:"pingTimeout"`
	MaxPayload   int64    `json:"maxPayload"`
}

func (p protocol) parseOpen(text string) opened {
	p.t.Helper()
	require.True(p.t, strings.HasPrefix(text, "0{"), text)
	decoder := json.NewDecoder(strings.NewReader(text[1:]))
	decoder.DisallowUnknownFields()
	var o opened
	require.NoError(p.t, decoder.Decode(&o))
	require.NotEmpty(p.t, o.SID)
	require.Equal(p.t, p.config.PingInterval.Milliseconds(), o.PingInterval)
	require.Equal(p.t, p.config.PingTimeout.Milliseconds(), o.PingTimeout)
	require.Equal(p.t, p.config.MaxPayload, o.MaxPayload)
	return o
}

// session opens a polling session.
func (p protocol) session() (sid string) {
	p.t.Helper()
	status, answer := p.request(http.MethodGet, "EIO=4&transport=polling", "")
	require.Equal(p.t, http.StatusOK, status)
	return p.parseOpen(answer).SID
}

// socket is a WebSocket client that fails its test where something does not come in time.
type socket struct {
	*websocket.Conn
	t *testing.T
}

func (p protocol) dial(query string) socket {
	p.t.Helper()
	conn, resp, err := websocket.DefaultDialer.Dial(p.url("ws", query), nil)
	require.NoError(p.t, err)
	require.NoError(p.t, resp.Body.Close())
	p.t.Cleanup(func() { conn.Close() })
	require.NoError(p.t, conn.SetReadDeadline(time.Now().Add(patience)))
	return socket{conn, p.t}
}

// open opens a WebSocket session.
func (p protocol) open() socket {
	p.t.Helper()
	s := p.dial("EIO=4&transport=websocket")
	require.Empty(p.t, p.parseOpen(s.read()).Upgrades)
	return s
}

func (s socket) send(text string) {
	s.t.Helper()
	require.NoError(s.t, s.WriteMessage(websocket.TextMessage, []byte(text)))
}

func (s socket) sendBinary(data ...byte) {
	s.t.Helper()
	require.NoError(s.t, s.WriteMessage(websocket.BinaryMessage, data))
}

func (s socket) readMessage() (kind int, data []byte) {
	s.t.Helper()
	kind, data, err := s.ReadMessage()
	require.NoError(s.t, err)
	return kind, data
}

func (s socket) read() string {
	s.t.Helper()
	kind, data := s.readMessage()
	require.Equal(s.t, websocket.TextMessage, kind)
	return string(data)
}

func (s socket) readBinary() []byte {
	s.t.Helper()
	kind, data := s.readMessage()
	require.Equal(s.t, websocket.BinaryMessage, kind)
	return data
}

// closed waits for the server to close.
func (s socket) closed() {
	s.t.Helper()
	for {
		if _, _, err := s.ReadMessage(); err != nil {
			require.NotErrorIs(s.t, err, context.DeadlineExceeded)
			require.NotContains(s.t, err.Error(), "timeout")
			return
		}
	}
}
