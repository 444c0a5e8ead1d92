package main

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"github.com/brickboard/brickboard/transport/live/engineio"
	"github.com/brickboard/brickboard/transport/live/socketio"
)

// echo serves /engine.io/, which sends every message back, and /socket.io/ with the namespaces / and /custom, which on
// connection emit "auth" with the handshake's auth, answer "message" with "message-back" and the same arguments, and
// acknowledge "message-with-ack" with its arguments.
type echo struct {
	*http.ServeMux
	engine *engineio.Server
	socket *socketio.Server
}

// suites is the configuration that the official suites expect.
func suites() socketio.Config {
	return socketio.Config{
		Engine:         engineio.Config{PingInterval: 300 * time.Millisecond, PingTimeout: 200 * time.Millisecond, MaxPayload: 1_000_000},
		ConnectTimeout: time.Second,
	}
}

func newEcho(config socketio.Config) *echo {
	config.Namespaces = map[string]socketio.Connect{"/": connect, "/custom": connect}
	e := &echo{
		ServeMux: http.NewServeMux(),
		engine: engineio.NewServer(config.Engine, func(s *engineio.Session) engineio.Receiver {
			return engineEcho{s}
		}),
		socket: socketio.NewServer(config),
	}
	e.Handle("/engine.io/", e.engine)
	e.Handle("/socket.io/", e.socket)
	return e
}

func (e *echo) shutdown(ctx context.Context) error {
	return errors.Join(e.engine.Shutdown(ctx, 0), e.socket.Shutdown(ctx, 0))
}

// apart is by how much "auth" follows the reply to CONNECT. The suite listens for one frame after the other, and misses
// the second of two that arrive in one read.
const apart = 50 * time.Millisecond

type engineEcho struct{ session *engineio.Session }

func (e engineEcho) Message(data []byte, binary bool) {
	if binary {
		e.session.Send(engineio.Binary(data))
		return
	}
	e.session.Send(engineio.Text(data))
}

func (e engineEcho) Closed(engineio.Reason) {}

func connect(s *socketio.Socket, auth json.RawMessage) {
	e := socketEcho{s}
	s.Accept(e, "")
	time.AfterFunc(apart, func() { e.send(socketio.Message{Name: "auth", Args: []any{auth}}) })
}

type socketEcho struct{ socket *socketio.Socket }

func (e socketEcho) send(m socketio.Message) {
	m.Namespace = e.socket.Namespace()
	frame, err := m.Encode()
	if err != nil {
		panic(err) // of JSON that was decoded
	}
	e.socket.Send(frame)
}

func (e socketEcho) Event(event socketio.Event) {
	args := make([]any, 0, len(event.Args))
	for _, arg := range event.Args {
		args = append(args, arg)
	}
	switch {
	case event.Name == "message":
		e.send(socketio.Message{Name: "message-back", Args: args, Attachments: event.Attachments})
	case event.Name == "message-with-ack" && event.AckID != nil:
		e.send(socketio.Message{AckID: event.AckID, Args: args, Attachments: event.Attachments})
	}
}

func (e socketEcho) Ack(socketio.Ack)             {}
func (e socketEcho) Disconnected(engineio.Reason) {}
