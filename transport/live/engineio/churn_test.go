package engineio

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"
)

// TestChurn has clients of every kind come, send sense and nonsense, and vanish, while the server sends to all of them.
// Afterwards nothing of them is left, each session has ended once, and one that behaved was served all along.
func TestChurn(t *testing.T) {
	t.Parallel()
	srv, made := listener(Config{
		PingInterval: 100 * time.Millisecond, PingTimeout: 2 * time.Second, UpgradeTimeout: 50 * time.Millisecond,
		CloseTimeout: 50 * time.Millisecond, MaxPayload: 1000, PacketRate: 50, SendBuffer: 8,
		Log: slog.New(slog.DiscardHandler),
	}, func(h *heard) {
		h.onMessage = func(data []byte) {
			switch {
			case strings.HasPrefix(string(data), "panic"):
				panic("as asked")
			case strings.HasPrefix(string(data), "close"):
				h.session.Close("asked")
			default:
				h.session.Send(Text(data), Binary(data))
			}
		}
	})
	server := network(t, srv)
	conn, good := openWebSocket(t, server, made)
	var served atomic.Int32
	left := make(chan error, 1)
	go func() { left <- behave(conn, &served) }()
	var clients sync.WaitGroup
	const count = 90 // below made's buffer
	for i := range count {
		clients.Add(1)
		go func() {
			defer clients.Done()
			hostile(t.Context(), server, rand.New(rand.NewPCG(uint64(i), 1))) //nolint:gosec // a test wants repetition
		}()
	}
	clients.Wait()

	for len(made) > 0 {
		h := <-made
		within(t, h.ended)
		require.Empty(t, h.ended)
	}
	eventually(t, func() bool { return srv.Len() == 1 && srv.melody.Len() == 1 })
	sofar := served.Load()
	eventually(t, func() bool { return served.Load() > sofar || len(left) > 0 })
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	require.NoError(t, srv.Shutdown(ctx, 0))
	err := within(t, left)
	require.True(t, websocket.IsCloseError(err, websocket.CloseGoingAway), err)
	require.Equal(t, ShuttingDown, within(t, good.ended))
	eventually(t, func() bool { return srv.Len() == 0 && srv.melody.Len() == 0 })
}

// behave answers each ping, and a message that it sends before comes back before the next one; so until the session ends.
func behave(conn *websocket.Conn, served *atomic.Int32) error {
	_ = conn.SetReadDeadline(time.Time{})
	for {
		for _, want := range []string{"2", "4served", "served"} {
			_, data, err := conn.ReadMessage()
			if err != nil {
				return err
			}
			if string(data) != want {
				return fmt.Errorf("%q, not %q", data, want)
			}
			if want == "2" {
				_ = conn.WriteMessage(websocket.TextMessage, []byte("4served"))
				_ = conn.WriteMessage(websocket.TextMessage, []byte("3"))
			}
		}
		served.Add(1)
	}
}

var nonsense = []string{
	"4hello", "4panic", "4close", "1", "2", "2probe", "3", "5", "6", "0{}", "", "abc", "bAQ==", "b!", "4\xff",
	"4" + strings.Repeat("x", 2000), "4a\x1e4b\x1e4c", "4a\x1e", "\x1e",
}

// hostile is one client, over both transports, that leaves without a word.
func hostile(ctx context.Context, server *httptest.Server, random *rand.Rand) {
	sid := ""
	if random.IntN(2) == 0 {
		sid = hostilePolling(ctx, server, random)
	}
	url := strings.Replace(server.URL, "http", "ws", 1) + "/?EIO=4&transport=websocket"
	if sid != "" {
		url += "&sid=" + sid
	}
	conn, resp, err := websocket.DefaultDialer.Dial(url, nil)
	if err != nil {
		return
	}
	_ = resp.Body.Close()
	defer conn.Close()
	if sid != "" && random.IntN(2) == 0 {
		_ = conn.WriteMessage(websocket.TextMessage, []byte("2probe"))
		_ = conn.WriteMessage(websocket.TextMessage, []byte("5"))
	}
	for range random.IntN(20) {
		_ = conn.WriteMessage(1+random.IntN(2), []byte(nonsense[random.IntN(len(nonsense))]))
	}
}

// hostilePolling opens a session, sends a few POSTs and polls, some of them broken off, and gives its id.
func hostilePolling(ctx context.Context, server *httptest.Server, random *rand.Rand) (sid string) {
	open := tryCall(ctx, server, http.MethodGet, "", "")
	_, rest, _ := strings.Cut(open, `"sid":"`)
	sid, _, _ = strings.Cut(rest, `"`)
	for range random.IntN(6) {
		short, cancel := context.WithTimeout(ctx, time.Duration(random.IntN(20))*time.Millisecond)
		if random.IntN(2) == 0 {
			tryCall(short, server, http.MethodGet, sid, "")
		} else {
			tryCall(short, server, http.MethodPost, sid, nonsense[random.IntN(len(nonsense))])
		}
		cancel()
	}
	return sid
}

func tryCall(ctx context.Context, server *httptest.Server, method, sid, body string) string {
	url := server.URL + "/?EIO=4&transport=polling"
	if sid != "" {
		url += "&sid=" + sid
	}
	r, err := http.NewRequestWithContext(ctx, method, url, strings.NewReader(body))
	if err != nil {
		return ""
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return ""
	}
	defer resp.Body.Close()
	answer := make([]byte, 200)
	n, _ := resp.Body.Read(answer)
	return string(answer[:n])
}
