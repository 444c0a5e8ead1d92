package main

import (
	"encoding/json"
	"errors"
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

// envelope is one as it arrives.
type envelope struct {
	EventID, Type, Timestamp, Epoch string
	Payload                         json.RawMessage
	Revision                        int64
	Previous                        *int64
}

// socket is an open session of either protocol. What arrives is kept, but for what is told again.
type socket struct {
	conn *websocket.Conn
	pid  string // of Socket.IO

	mu        sync.Mutex
	envelopes []envelope
	offset    string // of Socket.IO
	end       error  // not nil when the session has ended
}

func (c client) dial(path string, headers ...string) (*websocket.Conn, *http.Response, error) {
	header := http.Header{}
	for i := 0; i < len(headers); i += 2 {
		header.Set(headers[i], headers[i+1])
	}
	return websocket.DefaultDialer.Dial("ws"+strings.TrimPrefix(c.base, "http")+path, header)
}

// plain opens a plain WebSocket.
func (c client) plain(t *testing.T, query string) *socket {
	t.Helper()
	conn, _, err := c.dial("/ws/dashboard"+query, "Authorization", "Bearer "+c.token)
	require.NoError(t, err)
	s := &socket{conn: conn}
	s.listen(t, s.keep)
	return s
}

const overWebSocket = "/socket.io/?EIO=4&transport=websocket"

// socketIO opens a Socket.IO session over WebSocket, with that auth.
func (c client) socketIO(t *testing.T, auth map[string]any) *socket {
	t.Helper()
	conn, _, err := c.dial(overWebSocket)
	require.NoError(t, err)
	s := &socket{conn: conn}
	var accepted struct{ PID string }
	reply, ok := strings.CutPrefix(greet(t, conn, auth), "40/dashboard,")
	require.True(t, ok, reply)
	require.NoError(t, json.Unmarshal([]byte(reply), &accepted))
	s.pid = accepted.PID
	s.listen(t, s.packet)
	return s
}

// greet sends CONNECT to the namespace and returns the packet that answers.
func greet(t *testing.T, conn *websocket.Conn, auth map[string]any) string {
	t.Helper()
	encoded, err := json.Marshal(auth)
	require.NoError(t, err)
	require.NoError(t, conn.SetReadDeadline(time.Now().Add(patience)))
	_, opened, err := conn.ReadMessage()
	require.NoError(t, err)
	require.Equal(t, "0{", string(opened[:2]))
	require.NoError(t, conn.WriteMessage(websocket.TextMessage, append([]byte("40/dashboard,"), encoded...)))
	_, reply, err := conn.ReadMessage()
	require.NoError(t, err)
	require.NoError(t, conn.SetReadDeadline(time.Time{}))
	return string(reply)
}

// listen has what arrives taken until the session ends.
func (s *socket) listen(t *testing.T, take func(text []byte) error) {
	t.Helper()
	ended := make(chan struct{})
	t.Cleanup(func() {
		_ = s.conn.Close()
		<-ended
	})
	go func() {
		defer close(ended)
		for {
			_, text, err := s.conn.ReadMessage()
			if err == nil {
				err = take(text)
			}
			if err != nil {
				s.mu.Lock()
				defer s.mu.Unlock()
				s.end = err
				return
			}
		}
	}()
}

func (s *socket) keep(text []byte) error {
	var e envelope
	if err := json.Unmarshal(text, &e); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if !slices.ContainsFunc(s.envelopes, func(before envelope) bool { return before.EventID == e.EventID }) {
		s.envelopes = append(s.envelopes, e)
	}
	return nil
}

// packet takes pings and events: there is nothing else to come.
func (s *socket) packet(text []byte) error {
	if string(text) == "2" {
		return s.conn.WriteMessage(websocket.TextMessage, []byte("3"))
	}
	event, ok := strings.CutPrefix(string(text), "42/dashboard,")
	if !ok {
		return fmt.Errorf("packet %q", text)
	}
	var args []json.RawMessage
	if err := json.Unmarshal([]byte(event), &args); err != nil {
		return err
	}
	if len(args) > 2 {
		s.mu.Lock()
		err := json.Unmarshal(args[2], &s.offset)
		s.mu.Unlock()
		if err != nil {
			return err
		}
	}
	return s.keep(args[1])
}

func (s *socket) all() []envelope {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.envelopes)
}

// await waits until so many have come, and returns all.
func (s *socket) await(t *testing.T, n int) []envelope {
	t.Helper()
	require.Eventually(t, func() bool { return len(s.all()) >= n }, patience, time.Millisecond, "%d of %d", len(s.all()), n)
	return s.all()
}

// awaitRevision waits for an envelope of that revision or a later one.
func (s *socket) awaitRevision(t *testing.T, revision int64) {
	t.Helper()
	require.Eventually(t, func() bool {
		return slices.ContainsFunc(s.all(), func(e envelope) bool { return e.Revision >= revision })
	}, patience, time.Millisecond)
}

func (s *socket) lastOffset() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.offset
}

func (s *socket) types() (types []string) {
	for _, e := range s.all() {
		types = append(types, strings.TrimPrefix(e.Type, "dashboard:"))
	}
	return types
}

// awaitEnd waits for the session's end and returns its close code, 0 where the connection just broke.
func (s *socket) awaitEnd(t *testing.T) int {
	t.Helper()
	var end error
	require.Eventually(t, func() bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		end = s.end
		return end != nil
	}, patience, time.Millisecond)
	var closed *websocket.CloseError
	if !errors.As(end, &closed) || closed.Code == websocket.CloseAbnormalClosure {
		return 0
	}
	return closed.Code
}

// view is a dashboard that is loaded once and then follows envelopes.
type view struct {
	epoch    string
	sections map[string]any
	told     map[string]int64 // the revision of each section
}

func (c client) load(t *testing.T) *view {
	t.Helper()
	a := c.send("GET", "/api/dashboard", nil)
	require.Equal(t, http.StatusOK, a.status, string(a.body))
	epoch, revision := state(t, a.header.Get("ETag"))
	v := &view{epoch: epoch, told: map[string]int64{}}
	require.NoError(t, json.Unmarshal(a.body, &v.sections))
	for section := range v.sections {
		v.told[section] = revision
	}
	return v
}

// since names the state from which a plain client goes on.
func (v *view) since() string {
	return fmt.Sprintf("%s.%d", v.epoch, min(v.told["summary"], v.told["themeBreakdown"], v.told["recentMocs"], v.told["partialPartsMocs"]))
}

// follow takes all that has come to a session: what is old changes nothing.
func (v *view) follow(t *testing.T, envelopes []envelope) {
	t.Helper()
	told := map[string]int64{}
	for _, e := range envelopes {
		section := sectionOf(e.Type)
		require.NotEmpty(t, section, e.Type)
		require.GreaterOrEqual(t, e.Revision, told[section])
		told[section] = e.Revision
		require.Equal(t, v.epoch, e.Epoch)
		if e.Revision > v.told[section] {
			v.take(t, section, e)
		}
	}
}

func sectionOf(eventType string) string {
	return map[string]string{
		"dashboard:summaryUpdated": "summary", "dashboard:themeBreakdownUpdated": "themeBreakdown",
		"dashboard:recentMocAdded": "recentMocs", "dashboard:recentMocsUpdated": "recentMocs",
		"dashboard:partialPartsChanged": "partialPartsMocs", "dashboard:partialPartsUpdated": "partialPartsMocs",
	}[eventType]
}

func (v *view) take(t *testing.T, section string, e envelope) {
	t.Helper()
	if e.Previous != nil {
		require.LessOrEqual(t, *e.Previous, v.told[section], "a gap before %s", e.Type)
	}
	v.told[section] = e.Revision
	var payload any
	require.NoError(t, json.Unmarshal(e.Payload, &payload))
	switch e.Type {
	case "dashboard:recentMocAdded":
		rows := merged(v.sections[section].([]any), "createdAt", []any{payload}, nil)
		v.sections[section] = rows[:min(10, len(rows))]
	case "dashboard:partialPartsChanged":
		change := payload.(map[string]any)
		v.sections[section] = merged(v.sections[section].([]any), "lastUpdatedAt", change["upserted"].([]any), change["removed"].([]any))
	default:
		v.sections[section] = payload
	}
}

// merged is the rows with a change, the latest first.
func merged(rows []any, time string, upserted, removed []any) []any {
	field := func(row any, name string) string { return row.(map[string]any)[name].(string) }
	for _, row := range upserted {
		removed = append(removed, field(row, "id"))
	}
	rows = slices.DeleteFunc(slices.Clone(rows), func(row any) bool { return slices.Contains(removed, any(field(row, "id"))) })
	rows = append(rows, upserted...)
	slices.SortFunc(rows, func(a, b any) int {
		return strings.Compare(field(b, time)+field(b, "id"), field(a, time)+field(a, "id"))
	})
	return rows
}
