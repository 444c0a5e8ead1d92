package main

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"
)

const patience = 5 * time.Second

// serve starts the server as the command does, on a free port, and gives its address.
func serve(t *testing.T) string {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	addr, done := make(chan string, 1), make(chan error, 1)
	go func() { done <- run(ctx, "127.0.0.1:0", func(a string) { addr <- a }) }()
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
}

func (p protocol) url(scheme, query string) string {
	return scheme + "://" + p.addr + p.path + "?" + query
}

// request sends a request and reads its answer.
func (p protocol) request(method, query, body string) (status int, answer string) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.t.Context(), patience)
	defer cancel()
	status, answer, err := p.try(ctx, method, query, body)
	require.NoError(p.t, err)
	return status, answer
}

func (p protocol) try(ctx context.Context, method, query, body string) (status int, answer string, err error) {
	r, err := http.NewRequestWithContext(ctx, method, p.url("http", query), strings.NewReader(body))
	if err != nil {
		return 0, "", err
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, "", err
	}
	defer resp.Body.Close()
	read, err := io.ReadAll(resp.Body)
	return resp.StatusCode, string(read), err
}

func (p protocol) poll(sid string) (status int, answer string) {
	p.t.Helper()
	return p.request(http.MethodGet, "EIO=4&transport=polling&sid="+sid, "")
}

func (p protocol) post(sid, body string) (status int, answer string) {
	p.t.Helper()
	return p.request(http.MethodPost, "EIO=4&transport=polling&sid="+sid, body)
}

// polled is the answer to a poll that is sent now and waited for later.
type polled struct {
	status int
	answer string
	err    error
}

func (p protocol) pollLater(ctx context.Context, sid string) <-chan polled {
	answer := make(chan polled, 1)
	go func() {
		var a polled
		a.status, a.answer, a.err = p.try(ctx, http.MethodGet, "EIO=4&transport=polling&sid="+sid, "")
		answer <- a
	}()
	return answer
}

// opened is what an open packet says.
type opened struct {
	SID          string   `json:"sid"`
	Upgrades     []string `json:"upgrades"`
	PingInterval int      `json:"pingInterval"`
	PingTimeout  int      `json:"pingTimeout"`
	MaxPayload   int      `json:"maxPayload"`
}

func parseOpen(t *testing.T, text string) opened {
	t.Helper()
	require.True(t, strings.HasPrefix(text, "0{"), text)
	decoder := json.NewDecoder(strings.NewReader(text[1:]))
	decoder.DisallowUnknownFields()
	var o opened
	require.NoError(t, decoder.Decode(&o))
	require.NotEmpty(t, o.SID)
	require.Equal(t, []int{300, 200, 1_000_000}, []int{o.PingInterval, o.PingTimeout, o.MaxPayload})
	return o
}

// session opens a polling session.
func (p protocol) session() (sid string) {
	p.t.Helper()
	status, answer := p.request(http.MethodGet, "EIO=4&transport=polling", "")
	require.Equal(p.t, http.StatusOK, status)
	return parseOpen(p.t, answer).SID
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
	require.Empty(p.t, parseOpen(p.t, s.read()).Upgrades)
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

// next is the next packet that is no ping.
func (s socket) next() string {
	s.t.Helper()
	for {
		if packet := s.read(); packet != "2" {
			return packet
		}
		s.send("3")
	}
}

func (s socket) nextBinary() []byte {
	s.t.Helper()
	for {
		kind, data := s.readMessage()
		if kind == websocket.BinaryMessage {
			return data
		}
		require.Equal(s.t, "2", string(data))
		s.send("3")
	}
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
