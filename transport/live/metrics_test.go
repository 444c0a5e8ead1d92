package live

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"

	"github.com/brickboard/brickboard/domain"
)

// journal is a log that is read.
type journal struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (j *journal) Write(line []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.Write(line)
}

// of are the entries about the sessions of a collector.
func (j *journal) of(t testing.TB, collector domain.CollectorID) (entries []map[string]any) {
	t.Helper()
	j.mu.Lock()
	defer j.mu.Unlock()
	for line := range bytes.Lines(j.text.Bytes()) {
		var entry map[string]any
		require.NoError(t, json.Unmarshal(line, &entry))
		if entry["user_id"] == string(collector) {
			entries = append(entries, entry)
		}
	}
	return entries
}

// ending is how a client has its session end.
type ending struct {
	protocol protocol
	lasts    time.Duration // of the token
	end      func(w *wire)
	reason   string
}

func endings() map[domain.CollectorID]ending {
	write := func(kind int, text string) func(w *wire) {
		return func(w *wire) { _ = w.conn.WriteMessage(kind, []byte(text)) }
	}
	talk := func(text string) func(w *wire) {
		return func(w *wire) {
			for range 6 {
				write(websocket.TextMessage, text)(w)
			}
		}
	}
	wait := func(*wire) {}
	closing := string(websocket.FormatCloseMessage(websocket.CloseNormalClosure, ""))
	return map[domain.CollectorID]ending{
		"plain, closes":       {plainWS, time.Hour, write(websocket.CloseMessage, closing), "client_closed"},
		"plain, breaks":       {plainWS, time.Hour, func(w *wire) { _, _ = w.conn.NetConn().Write([]byte{0xff, 0x00}) }, "transport_error"},
		"plain, too large":    {plainWS, time.Hour, write(websocket.TextMessage, strings.Repeat(" ", 64<<10+1)), "payload_too_large"},
		"plain, talks":        {plainWS, time.Hour, talk("hello"), "talkative"},
		"plain, expires":      {plainWS, 4 * time.Second, wait, "token_expired"},
		"socket, disconnects": {socketIO, time.Hour, write(websocket.TextMessage, "41/dashboard,"), "client_disconnect"},
		"socket, breaks":      {socketIO, time.Hour, func(w *wire) { _ = w.conn.NetConn().Close() }, "transport_error"},
		"socket, no packet":   {socketIO, time.Hour, write(websocket.TextMessage, "nonsense"), "parse_error"},
		"socket, talks":       {socketIO, time.Hour, talk(`42/dashboard,["hello"]`), "talkative"},
		"socket, expires":     {socketIO, 4 * time.Second, wait, "token_expired"},
	}
}

// A session's life is logged, and counted by how it ended.
func TestHub_SessionsAreLoggedAndCounted(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	log := &journal{}
	s := h.serve(t, func(_ *Config, d *Deps) {
		d.Log = slog.New(slog.NewJSONHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	})
	all := endings()
	t.Run("Each", func(t *testing.T) {
		for collector, c := range all {
			t.Run(string(collector), func(t *testing.T) {
				t.Parallel()
				token, _, err := h.signer.Sign(collector, nil, c.lasts)
				require.NoError(t, err)
				var w *wire
				if c.protocol == plainWS {
					w = mustDialPlain(t, s, token, "")
				} else {
					w = mustDialSocketIO(t, s, map[string]any{"token": token})
				}
				require.Eventually(t, func() bool { return len(log.of(t, collector)) == 1 }, patience, tick)
				c.end(w)
				require.Eventually(t, func() bool { return len(log.of(t, collector)) == 2 }, patience, tick)
				c.requireLogged(t, log.of(t, collector))
				require.Positive(t, s.metric(t, "live_disconnects_total", string(c.protocol), c.reason))
			})
		}
	})
	require.EqualValues(t, len(all), s.metric(t, "live_disconnects_total"))
	require.EqualValues(t, 5, s.metric(t, "live_disconnects_total", string(plainWS)))
	require.EqualValues(t, 2, s.metric(t, "live_disconnects_total", reasonTalkative))
	require.EqualValues(t, len(all), s.metric(t, "live_connects_total", "false"))
	require.Zero(t, s.metric(t, "live_sessions"))
}

func (e ending) requireLogged(t *testing.T, entries []map[string]any) {
	t.Helper()
	opened, ended := entries[0], entries[1]
	require.Equal(t, "live session opened", opened["msg"])
	require.Equal(t, "live session ended", ended["msg"])
	require.Equal(t, "INFO", ended["level"])
	require.NotEmpty(t, ended["session_id"])
	require.Equal(t, opened["session_id"], ended["session_id"])
	for _, entry := range entries {
		require.Equal(t, string(e.protocol), entry["protocol"])
		require.Equal(t, "websocket", entry["transport"])
	}
	require.Equal(t, e.reason, ended["reason"])
	took := time.Duration(ended["duration_ms"].(float64)) * time.Millisecond
	require.Less(t, took, patience)
	if e.lasts < patience {
		require.Greater(t, took, e.lasts/6)
	}
}

// What is sent is counted by type, and in bytes as they travel.
func TestHub_EnvelopesAreCounted(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	s := h.serve(t)
	token := h.token(t, "ada")
	h.add(t, "ada", "Keep", 5)
	state := h.settled(t, "ada")
	plain := mustDialPlain(t, s, token, "")
	deltas := mustDialPlain(t, s, token, "?deltas=1&since=nonsense")
	socket := mustDialSocketIO(t, s, map[string]any{"token": token, "pid": state.String()})
	s.atRest(t, "ada", 3)
	tower := h.add(t, "ada", "Tower", 5)
	all := []*wire{plain, deltas, socket}
	for _, w := range all {
		w.awaitRevision(t, state.Revision+1)
	}
	h.count(t, "ada", tower.ID, 6)
	state = h.settled(t, "ada")
	for _, w := range all {
		w.awaitRevision(t, state.Revision)
	}
	s.atRest(t, "ada", 3)
	for envelopes, n := range map[string]float64{
		"summaryUpdated": 3, "themeBreakdownUpdated": 3, "recentMocAdded": 3, "recentMocsUpdated": 0,
		"partialPartsUpdated": 4, "partialPartsChanged": 2, "resync": 1, "error": 0,
	} {
		require.Equal(t, n, s.metric(t, "live_envelopes_sent_total", "dashboard:"+envelopes), envelopes)
	}
	require.EqualValues(t, plain.size()+deltas.size(), s.metric(t, "live_sent_bytes_total", string(plainWS)))
	require.EqualValues(t, socket.size(), s.metric(t, "live_sent_bytes_total", string(socketIO)))
	require.EqualValues(t, 1, s.metric(t, "live_connects_total", "true"))
	require.EqualValues(t, 2, s.metric(t, "live_connects_total", "false"))
}

// No label has a value that a client could choose.
func TestHub_LabelsAreBounded(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	s := h.serve(t)
	const mine = "mine-alone"
	token := h.token(t, mine)
	for _, header := range []http.Header{
		{"Origin": {"https://" + mine + ".example"}}, {"Authorization": {"Bearer " + mine}}, {"Sec-WebSocket-Protocol": {mine}},
	} {
		_, _, err := websocket.DefaultDialer.Dial("ws"+strings.TrimPrefix(s.URL, "http")+PlainPath+"?since="+mine, header)
		require.Error(t, err)
	}
	for _, path := range []string{"?EIO=4&transport=" + mine, "?EIO=4&transport=polling&sid=" + mine, "?EIO=" + mine} {
		response, err := http.Get(s.URL + SocketIOPath + path)
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		require.Equal(t, http.StatusBadRequest, response.StatusCode)
	}
	_, err := dialSocketIO(t, s, map[string]any{"token": mine}, nil)
	require.NoError(t, err)
	socket := mustDialSocketIO(t, s, map[string]any{"token": token, "pid": mine, "offset": mine})
	for _, packet := range []string{"40/" + mine + ",", `42/dashboard,["` + mine + `"]`, mine} {
		require.NoError(t, socket.conn.WriteMessage(websocket.TextMessage, []byte(packet)))
	}
	socket.awaitClose(t)
	families, err := s.registry.Gather()
	require.NoError(t, err)
	names := []string{}
	for _, family := range families {
		for _, m := range family.GetMetric() {
			for _, label := range m.GetLabel() {
				names = append(names, label.GetName())
				require.NotContains(t, label.GetValue(), mine, family.GetName())
			}
		}
	}
	slices.Sort(names)
	require.Equal(t, []string{"cause", "protocol", "reason", "recovered"}, slices.Compact(names))
}
