package main

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// What the official suite asks of Socket.IO.

const places = `{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]`

func socketIO(t *testing.T) protocol {
	t.Helper()
	t.Parallel()
	return protocol{t, serve(t, calm()), "/socket.io/", calm().Engine}
}

// connect opens a session and connects it to the main namespace.
func (p protocol) connect() socket {
	p.t.Helper()
	s := p.open()
	s.send("40")
	s.connected("40", `42["auth",{}]`)
	return s
}

func (s socket) connected(prefix, auth string) {
	s.t.Helper()
	reply := s.read()
	require.True(s.t, strings.HasPrefix(reply, prefix), reply)
	var handshake map[string]string
	require.NoError(s.t, json.Unmarshal([]byte(strings.TrimPrefix(reply, prefix)), &handshake))
	require.Len(s.t, handshake, 1)
	require.NotEmpty(s.t, handshake["sid"])
	require.Equal(s.t, auth, s.read())
}

func TestSocket_Connect(t *testing.T) {
	p := socketIO(t)
	for _, c := range []struct{ packet, prefix, auth string }{
		{`40`, `40`, `42["auth",{}]`},
		{`40{"token":"123"}`, `40`, `42["auth",{"token":"123"}]`},
		{`40/custom,`, `40/custom,`, `42/custom,["auth",{}]`},
		{`40/custom,{"token":"abc"}`, `40/custom,`, `42/custom,["auth",{"token":"abc"}]`},
	} {
		s := p.open()
		s.send(c.packet)
		s.connected(c.prefix, c.auth)
	}
}

func TestSocket_ConnectFails(t *testing.T) {
	p := socketIO(t)
	s := p.open()
	s.send("40/random")
	require.Equal(t, `44/random,{"message":"Invalid namespace"}`, s.read())

	s = p.open()
	s.send("4abc")
	s.closed()
}

func TestSocket_ConnectMissing(t *testing.T) {
	t.Parallel()
	config := calm()
	config.ConnectTimeout = 100 * time.Millisecond
	p := protocol{t, serve(t, config), "/socket.io/", config.Engine}
	p.open().closed()
}

func TestSocket_Disconnect(t *testing.T) {
	p := socketIO(t)
	s := p.connect()
	s.send("41")
	s.send("40") // the session goes on
	s.connected("40", `42["auth",{}]`)

	s = p.connect()
	s.send("40/custom")
	s.connected("40/custom,", `42/custom,["auth",{}]`)
	s.send("41/custom")
	s.send(`42["message","message to main namespace"]`)
	require.Equal(t, `42["message-back","message to main namespace"]`, s.read())
}

func TestSocket_Message(t *testing.T) {
	p := socketIO(t)
	s := p.connect()
	s.send(`42["message",1,"2",{"3":[true]}]`)
	require.Equal(t, `42["message-back",1,"2",{"3":[true]}]`, s.read())

	s.send(`452-["message",` + places)
	s.sendBinary(1, 2, 3)
	s.sendBinary(4, 5, 6)
	require.Equal(t, `452-["message-back",`+places, s.read())
	require.Equal(t, []byte{1, 2, 3}, s.readBinary())
	require.Equal(t, []byte{4, 5, 6}, s.readBinary())
}

func TestSocket_Ack(t *testing.T) {
	p := socketIO(t)
	s := p.connect()
	s.send(`42456["message-with-ack",1,"2",{"3":[false]}]`)
	require.Equal(t, `43456[1,"2",{"3":[false]}]`, s.read())

	s.send(`452-789["message-with-ack",` + places)
	s.sendBinary(1, 2, 3)
	s.sendBinary(4, 5, 6)
	require.Equal(t, `462-789[`+places, s.read())
	require.Equal(t, []byte{1, 2, 3}, s.readBinary())
	require.Equal(t, []byte{4, 5, 6}, s.readBinary())
}

func TestSocket_InvalidPacket(t *testing.T) {
	p := socketIO(t)
	for _, packet := range []string{"4abc", "42{}", `42abc["message-with-ack",1,"2",{"3":[false]}]`} {
		s := p.connect()
		s.send(packet)
		s.closed()
	}
}

func TestSocket_Polling(t *testing.T) {
	p := socketIO(t)
	sid := p.session()
	p.post(sid, `40{"token":"123"}`)
	packets := p.packets(sid, 2)
	require.True(t, strings.HasPrefix(packets[0], `40{"sid":`), packets[0])
	require.Equal(t, `42["auth",{"token":"123"}]`, packets[1])
	p.post(sid, "451-[\"message\",{\"_placeholder\":true,\"num\":0}]\x1ebAQID")
	require.Equal(t, []string{`451-["message-back",{"_placeholder":true,"num":0}]`, "bAQID"}, p.packets(sid, 2))
}
