package socketio

import (
	"crypto/rand"
	"encoding/json"

	"github.com/brickboard/brickboard/transport/live/engineio"
)

// Handler hears what happens to one accepted socket.
type Handler interface {
	// Event and Ack are called one at a time, in order. While they run, nothing else of this client is read.
	Event(e Event)
	Ack(a Ack)

	// Disconnected is called once; the last Event or Ack may still be running.
	Disconnected(reason engineio.Reason)
}

// Event is an inbound event. Its parts belong to the handler.
type Event struct {
	Name        string
	AckID       *uint64 // the client waits for an ack of this id
	Args        []json.RawMessage
	Attachments [][]byte // their places are {"_placeholder":true,"num":n} in Args, each n below their number
}

// Ack is the client's answer to an event that asked for one. Whether one was sent, the handler must know.
type Ack struct {
	ID          uint64
	Args        []json.RawMessage
	Attachments [][]byte
}

// Socket is one client in one namespace. Its methods may be called at any time from any goroutine; none blocks.
type Socket struct {
	client    *client
	id        string
	namespace string
	handler   Handler // nil until accepted; guarded by client.mu
}

func newSocket(c *client, namespace string) *Socket {
	return &Socket{client: c, id: rand.Text(), namespace: namespace}
}

// ID names the socket towards its client; it is another than the session's.
func (s *Socket) ID() string { return s.id }

// Namespace is the one that the client asked for.
func (s *Socket) Namespace() string { return s.namespace }

// Session is the transport beneath, which the client's sockets share: what was kept of the handshake, what is unsent,
// and closing.
func (s *Socket) Session() *engineio.Session { return s.client.session }

// Accept answers the CONNECT. A pid that is not empty goes out with the reply: the client brings it along when it comes
// back, together with the last string that was the last argument of an event. Accept says false where the client has
// gone, or was answered already; then h hears nothing. Frames that are sent after Accept arrive after the reply.
func (s *Socket) Accept(h Handler, pid string) bool {
	reply, err := encode(packet{kind: typeConnect, namespace: s.namespace}, struct {
		SID string `json:"sid"`
		PID string `json:"pid,omitempty"`
	}{s.id, pid}, nil)
	return err == nil && s.client.accept(s, h, reply)
}

// Refuse answers the CONNECT with an error. data is encoded as JSON and left out where nil. The session stays open; who
// closes it gives the answer a moment to arrive.
func (s *Socket) Refuse(message string, data any) bool {
	refusal, err := encode(packet{kind: typeConnectError, namespace: s.namespace}, struct {
		Message string `json:"message"`
		Data    any    `json:"data,omitempty"`
	}{message, data}, nil)
	return err == nil && s.client.refuse(s, refusal)
}

// Send queues a frame of the socket's namespace, as engineio.Session.Send does. It says false where the socket is not
// connected.
func (s *Socket) Send(f Frame) bool { return s.client.send(s, f) }

// Disconnect ends the socket and tells the client, which does not come back by itself. The session stays open.
// Disconnected is called before it returns.
func (s *Socket) Disconnect() { s.client.disconnect(s) }
