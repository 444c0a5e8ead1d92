package live

import (
	"bytes"
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/brickboard/brickboard/transport/auth"
)

// do is a REST request, which must succeed; into, where not nil, takes its answer.
func (s *server) do(t testing.TB, token, method, path string, body, into any) {
	t.Helper()
	encoded, err := json.Marshal(body)
	require.NoError(t, err)
	r, err := http.NewRequestWithContext(t.Context(), method, s.URL+path, bytes.NewReader(encoded))
	require.NoError(t, err)
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	defer response.Body.Close()
	require.Less(t, response.StatusCode, 300, path)
	if into != nil {
		require.NoError(t, json.NewDecoder(response.Body).Decode(into))
	}
}

func TestOfficialClient_HearsOfEveryCommand(t *testing.T) {
	t.Parallel()
	for name, options := range map[string]map[string]any{
		"InItsDefaultConfiguration": {},
		"WebSocketOnly":             {"transports": []string{"websocket"}},
		"PollingOnly":               {"transports": []string{"polling"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			s := h.serve(t)
			o := startOfficials(t)
			token := h.token(t, "ada")
			c := o.connect(s.URL, map[string]any{"token": token, "deltas": true}, options, nil)
			require.False(t, c.await("connect", 1).Recovered)
			tellsAll(t, h, s, c, token)
			require.Len(t, c.kind("connect"), 1)
			if name == "InItsDefaultConfiguration" {
				o.command("transport", c.id, nil)
				require.Equal(t, "websocket", c.await("transport", 1).Transport)
			}
		})
	}
}

// tellsAll gives the commands that cause every type of event.
func tellsAll(t *testing.T, h *house, s *server, c *official, token string) {
	t.Helper()
	seen := 0
	expect := func(types ...string) {
		t.Helper()
		c.await("envelope", seen+len(types))
		h.settled(t, "ada")
		require.Equal(t, types, c.types()[seen:])
		seen += len(types)
	}
	s.do(t, token, "POST", "/api/wishlist", map[string]any{"kind": "MOC", "title": "Ship"}, nil)
	expect("summaryUpdated") // whole, and so the same from a join that is still under way
	var keep, tower struct{ ID string }
	parts := map[string]int{"total": 10, "owned": 5, "ordered": 0}
	s.do(t, token, "POST", "/api/mocs", map[string]any{"title": "Keep", "theme": "Castle", "parts": parts}, &keep)
	expect("summaryUpdated", "themeBreakdownUpdated", "recentMocAdded", "partialPartsUpdated")
	s.do(t, token, "POST", "/api/mocs", map[string]any{"title": "Tower", "theme": "Castle", "parts": parts}, &tower)
	expect("summaryUpdated", "themeBreakdownUpdated", "recentMocAdded", "partialPartsChanged")
	s.do(t, token, "PATCH", "/api/mocs/"+keep.ID, map[string]any{"title": "Old Keep"}, nil)
	expect("recentMocsUpdated", "partialPartsChanged")
	s.do(t, token, "POST", "/api/wishlist", map[string]any{"kind": "SET", "title": "Boat"}, nil)
	expect("summaryUpdated")
	s.do(t, token, "POST", "/api/sets", map[string]any{"setNumber": "10-1", "name": "Boat", "theme": "Sea"}, nil)
	expect("themeBreakdownUpdated")
	s.do(t, token, "DELETE", "/api/mocs/"+tower.ID, nil, nil)
	expect("summaryUpdated", "themeBreakdownUpdated", "recentMocsUpdated", "partialPartsUpdated")
	all := c.kind("envelope")
	require.Equal(t, h.settled(t, "ada").String(), all[len(all)-1].Offset)
	require.Empty(t, all[len(all)-2].Offset)
	for _, said := range all {
		require.Equal(t, said.Type, string(said.Envelope.Type))
		_, err := said.Envelope.decoded()
		require.NoError(t, err)
	}
}

func TestOfficialClient_Refusals(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	s := h.serve(t, func(c *Config, _ *Deps) { c.SessionsPerCollector = 1 })
	o := startOfficials(t)
	expired := expiredToken(t)
	for name, greeting := range map[string]map[string]any{
		"Wrong": {"token": "nonsense"}, "Absent": {}, "Expired": {"token": expired}, "NoString": {"token": 7}, "Empty": {"token": ""},
	} {
		for _, transport := range []string{"websocket", "polling"} {
			c := o.connect(s.URL, greeting, map[string]any{"transports": []string{transport}}, nil)
			said := c.await("connect_error", 1)
			require.Equal(t, "AUTH_FAILED", said.Message, name)
			require.JSONEq(t, `{"code":"AUTH_FAILED"}`, string(said.Data), name)
			require.False(t, said.Active)
		}
	}
	require.EqualValues(t, 10, s.metric(t, "live_auth_failures_total"))
	require.Zero(t, s.metric(t, "live_sessions"))

	good := map[string]any{"token": h.token(t, "ada")}
	o.connect(s.URL, good, nil, nil).await("connect", 1)
	said := o.connect(s.URL, good, nil, nil).await("connect_error", 1)
	require.Equal(t, "TOO_MANY_SESSIONS", said.Message)

	elsewhere := o.connect(s.URL+"/dashboard/", good, nil, nil) // the client takes the path as a part of the namespace
	require.Equal(t, "Invalid namespace", elsewhere.await("connect_error", 1).Message)
}

func TestOfficialClient_ComesBackWithAFreshToken(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	s := h.serve(t)
	o := startOfficials(t)
	o.connect(s.URL, map[string]any{"token": h.token(t, "bob")}, nil, nil).await("connect", 1) // it is up to speed
	brief, _, err := h.signer.Sign("ada", nil, 4*time.Second)
	require.NoError(t, err)
	c := o.connect(s.URL, map[string]any{"token": brief}, nil, nil)
	c.await("connect", 1)
	o.command("auth", c.id, map[string]any{"auth": map[string]any{"token": h.token(t, "ada")}})
	said := c.await("envelope", 1)
	require.Equal(t, "dashboard:error", said.Type)
	require.Contains(t, string(said.Envelope.Payload), `"code":"TOKEN_EXPIRED"`)
	require.True(t, c.await("connect", 2).Recovered)
}

func TestOfficialClient_RecoversOnAServerThatWasStartedAgain(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	s := h.serve(t)
	o := startOfficials(t)
	h.add(t, "ada", "Keep", 5)
	h.settled(t, "ada")
	upgrading := o.connect(s.URL, map[string]any{"token": h.token(t, "ada")}, nil, nil)
	direct := o.connect(s.URL, map[string]any{"token": h.token(t, "ada")}, map[string]any{"transports": []string{"websocket"}}, nil)
	direct.await("connect", 1)
	upgrading.await("connect", 1)
	upgrading.await("upgrade", 1) // if cut off while it changes over, it would hear nothing until a ping is missing
	s.stop()
	for _, c := range o.clients {
		c.await("disconnect", 1)
	}
	h.add(t, "ada", "Tower", 5) // while nobody serves
	state := h.settled(t, "ada")
	h.serveAt(t, s.Listener.Addr().String())
	for _, c := range o.clients {
		require.True(t, c.await("connect", 2).Recovered)
		last := c.await("envelope", 4)
		require.Equal(t, state.String(), last.Offset)
		require.Equal(t, []string{"summaryUpdated", "themeBreakdownUpdated", "recentMocsUpdated", "partialPartsUpdated"}, c.types())
	}
}

func expiredToken(t testing.TB) string {
	t.Helper()
	before := auth.NewSigner([]byte(secret), "", "", func() time.Time { return time.Now().Add(-time.Hour) })
	token, _, err := before.Sign("ada", nil, time.Minute)
	require.NoError(t, err)
	return token
}

// What a client sends has no meaning; a few messages are counted, then it is closed, and comes back.
func TestOfficialClient_Talking(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	s := h.serve(t)
	o := startOfficials(t)
	c := o.connect(s.URL, map[string]any{"token": h.token(t, "ada")}, nil, nil)
	c.await("connect", 1)
	for range 6 {
		o.command("emit", c.id, map[string]any{"args": []any{"hello", 1}})
	}
	c.await("disconnect", 1)
	c.await("connect", 2)
	require.EqualValues(t, 6, s.metric(t, "live_inbound_messages_total"))
}
