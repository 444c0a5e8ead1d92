package socketio

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/brickboard/brickboard/transport/live/engineio"
)

func frame(t *testing.T, namespace, name string, args ...any) Frame {
	t.Helper()
	f, err := EncodeEvent(namespace, name, args...)
	require.NoError(t, err)
	return f
}

func TestConnect_Accept(t *testing.T) {
	t.Parallel()
	srv, connects := listener(Config{})
	r := dial(t, srv)
	r.send(`40/dashboard,{"token":"t"}`)
	a := within(t, connects)
	require.Equal(t, `{"token":"t"}`, a.auth)
	require.Equal(t, "/dashboard", a.socket.Namespace())
	require.NotEqual(t, a.socket.ID(), a.socket.Session().ID())

	hello := frame(t, "/dashboard", "hello", "e.7")
	require.False(t, a.socket.Send(hello)) // not yet
	require.True(t, a.socket.Accept(newHeard(), "e.7"))
	require.True(t, a.socket.Send(hello))
	require.Equal(t, `40/dashboard,{"sid":"`+a.socket.ID()+`","pid":"e.7"}`, r.read())
	require.Equal(t, `42/dashboard,["hello","e.7"]`, r.read())

	require.False(t, a.socket.Accept(newHeard(), "")) // once
	require.False(t, a.socket.Refuse("no", nil))

	r.send("40") // another on the same connection; without auth it is {}
	a = within(t, connects)
	require.Equal(t, `{}`, a.auth)
	require.True(t, a.socket.Accept(newHeard(), ""))
	require.Equal(t, `40{"sid":"`+a.socket.ID()+`"}`, r.read())
}

func TestConnect_Refuse(t *testing.T) {
	t.Parallel()
	srv, connects := listener(Config{})
	r := dial(t, srv)
	r.send("40/dashboard")
	a := within(t, connects)
	require.True(t, a.socket.Refuse("AUTH_FAILED", map[string]string{"code": "AUTH_FAILED"}))
	require.Equal(t, `44/dashboard,{"message":"AUTH_FAILED","data":{"code":"AUTH_FAILED"}}`, r.read())
	require.False(t, a.socket.Accept(newHeard(), ""))
	require.False(t, a.socket.Send(frame(t, "/dashboard", "hello")))
	r.join(connects, "/dashboard") // it may try again, while the session is open
	a.socket.Session().Close("auth_failed")
	r.closed()
}

func TestConnect_UnknownNamespace(t *testing.T) {
	t.Parallel()
	var unknown atomic.Int32
	srv, connects := listener(Config{UnknownNamespace: func() { unknown.Add(1) }})
	r := dial(t, srv)
	r.send(`40/nobody,{"token":"t"}`)
	require.Equal(t, `44/nobody,{"message":"Invalid namespace"}`, r.read())
	require.EqualValues(t, 1, unknown.Load())
	require.Empty(t, connects)
}

func TestConnect_Timeout(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv, connects := listener(Config{ConnectTimeout: 10 * time.Second})
		sid := open(t, srv)
		call(t, srv, http.MethodPost, sid, "40") // one that is never answered does not count
		a := <-connects
		began := time.Now()
		require.Equal(t, "1", call(t, srv, http.MethodGet, sid, ""))
		require.Equal(t, 10*time.Second, time.Since(began))
		synctest.Wait()
		h := newHeard()
		require.False(t, a.socket.Accept(h, ""))
		require.Empty(t, h.ended)
		require.Zero(t, srv.lobby.len())
	})
}

// A client that left its last namespace has as long to connect again as one that comes.
func TestConnect_TimeoutAfterTheLastSocket(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ends := make(chan engineio.Reason, 1)
		srv, connects := listener(Config{
			Engine: engineio.Config{PingInterval: time.Hour}, ConnectTimeout: 10 * time.Second,
			Unconnected: func(_ engineio.Transport, reason engineio.Reason) { ends <- reason },
		})
		sid := open(t, srv)
		for _, namespace := range []string{"", "/dashboard"} {
			call(t, srv, http.MethodPost, sid, "40"+namespace)
			require.True(t, (<-connects).socket.Accept(newHeard(), ""))
		}
		call(t, srv, http.MethodGet, sid, "")
		time.Sleep(11 * time.Second) // virtual time
		call(t, srv, http.MethodPost, sid, "41")
		time.Sleep(11 * time.Second)
		call(t, srv, http.MethodPost, sid, "41/dashboard")
		began := time.Now()
		require.Equal(t, "1", call(t, srv, http.MethodGet, sid, ""))
		require.Equal(t, 10*time.Second, time.Since(began))
		require.Equal(t, ConnectTimeout, <-ends)
	})
}

// Sessions without a socket make room for each other, the first for the last. Those with one stay.
func TestConnect_TooManyUnconnected(t *testing.T) {
	t.Parallel()
	ends := make(chan engineio.Reason, 10)
	srv, connects := listener(Config{
		MaxUnconnected: 2,
		Unconnected:    func(_ engineio.Transport, reason engineio.Reason) { ends <- reason },
	})
	connected, _, _ := joined(t, srv, connects, "")
	first, second := dial(t, srv), dial(t, srv)
	for range 5 {
		call(t, srv, http.MethodGet, "", "")
		require.Equal(t, Displaced, within(t, ends))
	}
	first.closed()
	second.closed()
	require.Equal(t, 2, srv.lobby.len())
	connected.send("40/nobody")
	require.Equal(t, `44/nobody,{"message":"Invalid namespace"}`, connected.read())
	joined(t, srv, connects, "")
}

func (l *lobby) len() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.guests.Len()
}

func TestSocket_EventsAndAcks(t *testing.T) {
	t.Parallel()
	srv, connects := listener(Config{})
	r, _, h := joined(t, srv, connects, "/dashboard")
	r.send(`42/dashboard,7["a",1,{"b":2}]`)
	require.Equal(t, Event{Name: "a", AckID: id(7), Args: raw(`1`, `{"b":2}`)}, within(t, h.events))
	r.send(`43/dashboard,12["x"]`)
	require.Equal(t, Ack{ID: 12, Args: raw(`"x"`)}, within(t, h.acks))

	r.send(`452-/dashboard,["a",{"_placeholder":true,"num":1}]`)
	r.sendBinary(1)
	r.sendBinary(2, 3)
	require.Equal(t, Event{
		Name: "a", Args: raw(`{"_placeholder":true,"num":1}`), Attachments: [][]byte{{1}, {2, 3}},
	}, within(t, h.events))
	r.send(`461-/dashboard,0[{"_placeholder":true,"num":0}]`)
	r.sendBinary(4)
	require.Equal(t, Ack{Args: raw(`{"_placeholder":true,"num":0}`), Attachments: [][]byte{{4}}}, within(t, h.acks))
}

func TestSocket_ServerAsksForAck(t *testing.T) {
	t.Parallel()
	srv, connects := listener(Config{})
	r, socket, h := joined(t, srv, connects, "")
	question, err := Message{Name: "question", AckID: id(3), Args: []any{"?"}}.Encode()
	require.NoError(t, err)
	require.True(t, socket.Send(question))
	require.Equal(t, `423["question","?"]`, r.read())
	r.send(`433["!"]`)
	require.Equal(t, Ack{ID: 3, Args: raw(`"!"`)}, within(t, h.acks))
}

func TestSocket_Disconnects(t *testing.T) {
	t.Parallel()
	srv, connects := listener(Config{})
	r, dashboard, onDashboard := joined(t, srv, connects, "/dashboard")
	_, onMain := r.join(connects, "")
	r.send("41/dashboard")
	require.Equal(t, ClientDisconnect, within(t, onDashboard.ended))
	require.False(t, dashboard.Send(frame(t, "/dashboard", "a")))

	dashboard, onDashboard = r.join(connects, "/dashboard")
	dashboard.Disconnect()
	require.Equal(t, ServerDisconnect, within(t, onDashboard.ended))
	require.Equal(t, "41/dashboard,", r.read())

	_, onDashboard = r.join(connects, "/dashboard")
	require.NoError(t, r.Close())
	require.Equal(t, engineio.TransportError, within(t, onDashboard.ended))
	require.Equal(t, engineio.TransportError, within(t, onMain.ended))
	require.Empty(t, onMain.ended)
}

// TestSession_Closed says which packets close the whole session, and as what.
func TestSession_Closed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		packets []string // those that begin with "b" are binary
		reason  engineio.Reason
	}{
		"UnknownType":         {[]string{"4abc"}, MalformedPacket},
		"InvalidPayload":      {[]string{"42{}"}, MalformedPacket},
		"InvalidAckID":        {[]string{`42abc["a"]`}, MalformedPacket},
		"ReservedEvent":       {[]string{`42["disconnect"]`}, MalformedPacket},
		"BinaryAlone":         {[]string{"b"}, MalformedPacket},
		"TextForAttachment":   {[]string{`451-["a"]`, `42["a"]`}, MalformedPacket},
		"TooManyAttachments":  {[]string{`453-["a"]`}, MalformedPacket},
		"ConnectedAlready":    {[]string{"40"}, UnexpectedPacket},
		"NotConnected":        {[]string{`42/dashboard,["a"]`}, UnexpectedPacket},
		"AckNotConnected":     {[]string{`43/dashboard,1[]`}, UnexpectedPacket},
		"DisconnectUnknown":   {[]string{"41/nobody"}, UnexpectedPacket},
		"ConnectWhileWaiting": {[]string{"40/dashboard", "40/dashboard"}, UnexpectedPacket},
		"EventWhileWaiting":   {[]string{"40/dashboard", `42/dashboard,["a"]`}, UnexpectedPacket},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			srv, connects := listener(Config{MaxAttachments: 2})
			r, _, h := joined(t, srv, connects, "")
			for _, packet := range c.packets {
				if packet[0] == 'b' {
					r.sendBinary(1)
				} else {
					r.send(packet)
				}
			}
			require.Equal(t, c.reason, within(t, h.ended))
			r.closed()
		})
	}
}

func TestSession_PanicEndsOnlyItsOwn(t *testing.T) {
	t.Parallel()
	config := Config{Engine: engineio.Config{Log: slog.New(slog.DiscardHandler)}}
	config.Namespaces = map[string]Connect{"/": func(*Socket, json.RawMessage) { panic("as asked") }}
	srv := NewServer(config)
	other, bad := dial(t, srv), dial(t, srv)
	bad.send("40")
	bad.closed()
	other.send("40/nobody")
	require.Equal(t, `44/nobody,{"message":"Invalid namespace"}`, other.read())
}
