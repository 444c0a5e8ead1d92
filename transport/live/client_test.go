package live

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"
)

// wire is one client's connection, of either protocol. What arrives is kept.
type wire struct {
	conn *websocket.Conn
	hear func(envelope) // is called with what arrives, where it is not nil
	open struct {
		PID     string          `json:"pid"`
		Message string          `json:"message"`
		Data    json.RawMessage `json:"data"`
	}

	mu       sync.Mutex
	received []envelope
	bytes    int // of messages with envelopes
	offset   string
	closed   *websocket.CloseError // or another end
	ended    bool
}

func dialPlain(t testing.TB, s *server, token, query string, header ...string) (*wire, *http.Response, error) {
	t.Helper()
	h := http.Header{}
	if token != "" {
		h.Set("Authorization", "Bearer "+token)
	}
	for i := 0; i < len(header); i += 2 {
		h.Add(header[i], header[i+1])
	}
	conn, response, err := websocket.DefaultDialer.Dial("ws"+strings.TrimPrefix(s.URL, "http")+PlainPath+query, h)
	if err != nil {
		return nil, response, err
	}
	w := &wire{conn: conn}
	t.Cleanup(func() { conn.Close() })
	go w.read(func(text []byte) error { return w.take(text) })
	return w, response, nil
}

func mustDialPlain(t testing.TB, s *server, token, query string, header ...string) *wire {
	t.Helper()
	w, _, err := dialPlain(t, s, token, query, header...)
	require.NoError(t, err)
	return w
}

// dialSocketIO connects by WebSocket alone. An error is that of the transport; a refusal stands in open.
func dialSocketIO(t testing.TB, s *server, auth map[string]any, hear func(w *wire, e envelope)) (*wire, error) {
	t.Helper()
	conn, _, err := websocket.DefaultDialer.Dial("ws"+strings.TrimPrefix(s.URL, "http")+SocketIOPath+"?EIO=4&transport=websocket", nil)
	if err != nil {
		return nil, err
	}
	w := &wire{conn: conn}
	if hear != nil {
		w.hear = func(e envelope) { hear(w, e) }
	}
	t.Cleanup(func() { conn.Close() })
	payload, err := json.Marshal(auth)
	require.NoError(t, err)
	require.NoError(t, conn.SetReadDeadline(time.Now().Add(patience)))
	if _, opened, err := conn.ReadMessage(); err != nil || opened[0] != '0' {
		return nil, fmt.Errorf("open: %q, %w", opened, err)
	}
	require.NoError(t, conn.WriteMessage(websocket.TextMessage, append([]byte("40/dashboard,"), payload...)))
	_, reply, err := conn.ReadMessage()
	if err != nil {
		return nil, err
	}
	_, body, _ := strings.Cut(string(reply), ",")
	require.NoError(t, json.Unmarshal([]byte(body), &w.open), string(reply))
	require.NoError(t, conn.SetReadDeadline(time.Time{}))
	go w.read(w.packet)
	return w, nil
}

func mustDialSocketIO(t testing.TB, s *server, auth map[string]any) *wire {
	t.Helper()
	w, err := dialSocketIO(t, s, auth, nil)
	require.NoError(t, err)
	require.NotEmpty(t, w.open.PID, w.open.Message)
	return w
}

func (w *wire) read(take func([]byte) error) {
	for {
		_, text, err := w.conn.ReadMessage()
		if err == nil {
			err = take(text)
		}
		if err != nil {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.closed, _ = err.(*websocket.CloseError) //nolint:errorlint // gorilla gives it so
			w.ended = true
			return
		}
	}
}

func (w *wire) packet(text []byte) error {
	if string(text) == "2" {
		return w.conn.WriteMessage(websocket.TextMessage, []byte("3"))
	}
	body, ok := strings.CutPrefix(string(text), "42/dashboard,")
	if !ok {
		return nil
	}
	var args []json.RawMessage
	if err := json.Unmarshal([]byte(body), &args); err != nil {
		return err
	}
	if err := w.take(args[1]); err != nil {
		return err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.bytes += len(text) - len(args[1])
	if len(args) > 2 {
		return json.Unmarshal(args[2], &w.offset)
	}
	return nil
}

func (w *wire) take(text []byte) error {
	var e envelope
	if err := json.Unmarshal(text, &e); err != nil {
		return err
	}
	if w.hear != nil {
		w.hear(e)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.received = append(w.received, e)
	w.bytes += len(text)
	return nil
}

func (w *wire) all() []envelope {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]envelope(nil), w.received...)
}

func (w *wire) types() (types []string) {
	for _, e := range w.all() {
		types = append(types, strings.TrimPrefix(string(e.Type), "dashboard:"))
	}
	return types
}

// awaitRevision waits for an envelope of that revision or a later one.
func (w *wire) awaitRevision(t testing.TB, revision int64) {
	t.Helper()
	require.Eventually(t, func() bool {
		return slices.ContainsFunc(w.all(), func(e envelope) bool { return e.Revision >= revision })
	}, patience, tick)
}

// awaitClose waits for the end and returns its close code, 1006 without one.
func (w *wire) awaitClose(t testing.TB) int {
	t.Helper()
	require.Eventually(t, func() bool {
		w.mu.Lock()
		defer w.mu.Unlock()
		return w.ended
	}, patience, tick)
	if w.closed == nil {
		return websocket.CloseAbnormalClosure
	}
	return w.closed.Code
}

func (w *wire) offsetNow() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.offset
}

// size is the bytes of all messages that brought envelopes.
func (w *wire) size() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.bytes
}
