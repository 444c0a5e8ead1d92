package socketio

import (
	"encoding/json"
	"sync"

	"github.com/brickboard/brickboard/transport/live/engineio"
)

// client is one session, with its sockets: connected ones, and ones that wait for their Connect's answer.
type client struct {
	server  *Server
	session *engineio.Session

	// Only Message uses these: the binary packet whose attachments are arriving.
	partial     *packet
	attachments [][]byte

	mu      sync.Mutex // no Connect or Handler is called with it held
	sockets []*Socket
	leave   func() // the lobby, where the client is while no socket is accepted
	closed  bool
}

func (srv *Server) receive(session *engineio.Session) engineio.Receiver {
	return &client{server: srv, session: session, leave: srv.lobby.enter(session)}
}

// Message takes a packet's text, or the next attachment of the packet before.
func (c *client) Message(data []byte, binary bool) {
	if binary != (c.partial != nil) {
		c.session.Dismiss(MalformedPacket)
		return
	}
	if binary {
		c.attachments = append(c.attachments, data)
		if len(c.attachments) < c.partial.attachments {
			return
		}
		p, attachments := *c.partial, c.attachments
		c.partial, c.attachments = nil, nil
		c.handle(p, attachments)
		return
	}
	p, err := decode(data, c.server.config.MaxAttachments)
	switch {
	case err != nil:
		c.session.Dismiss(MalformedPacket)
	case p.kind.binary():
		c.partial = &p
	default:
		c.handle(p, nil)
	}
}

func (c *client) handle(p packet, attachments [][]byte) {
	if p.kind == typeConnect {
		c.connect(p)
		return
	}
	socket, handler := c.connected(p.namespace)
	switch {
	case handler == nil:
		c.session.Dismiss(UnexpectedPacket)
	case p.kind == typeDisconnect:
		if c.remove(socket) {
			handler.Disconnected(ClientDisconnect)
		}
	case p.kind.event():
		handler.Event(Event{Name: p.name, AckID: p.ackID, Args: p.args, Attachments: attachments})
	default:
		handler.Ack(Ack{ID: *p.ackID, Args: p.args, Attachments: attachments})
	}
}

func (c *client) connect(p packet) {
	connect := c.server.config.Namespaces[p.namespace]
	if connect == nil {
		c.server.config.UnknownNamespace()
		refusal, _ := encode(packet{kind: typeConnectError, namespace: p.namespace},
			map[string]string{"message": "Invalid namespace"}, nil) // strings only
		c.session.Send(refusal.frames...)
		return
	}
	socket := newSocket(c, p.namespace)
	if !c.add(socket) {
		c.session.Dismiss(UnexpectedPacket)
		return
	}
	auth := p.payload
	if auth == nil {
		auth = json.RawMessage("{}")
	}
	connect(socket, auth)
}

// Closed disconnects all sockets.
func (c *client) Closed(reason engineio.Reason) {
	c.mu.Lock()
	c.closed = true
	c.leave()
	connected, sockets := c.isConnected(), c.sockets
	c.sockets = nil
	c.mu.Unlock()
	if !connected {
		c.server.config.Unconnected(c.session.Transport(), reason)
	}
	for _, s := range sockets {
		if s.handler != nil {
			s.handler.Disconnected(reason)
		}
	}
}
