package engineio

import (
	"crypto/tls"
	"sync/atomic"

	"github.com/gorilla/websocket"
	"github.com/olahol/melody"
)

// conn is one WebSocket: a session's, or one that probes.
type conn struct {
	server  *Server
	melody  atomic.Pointer[melody.Session] // nil until up
	session *Session
	probing bool // only the reading goroutine uses it
	probed  bool // as probing: the probe was answered
	kept    any  // of the handshake, until the session has it
	queued  atomic.Int32
	fate    atomic.Pointer[Reason] // why the connection ended: the first cause
}

// write queues a frame. It never blocks; a full queue breaks the connection.
func (c *conn) write(f Frame) {
	c.queued.Add(1)
	if f.binary {
		_ = c.melody.Load().WriteBinary(f.data) // closed: the read pump's end tells
	} else {
		_ = c.melody.Load().Write(f.data)
	}
}

// wrote notes that a frame was written.
func (c *conn) wrote() {
	if c.queued.Add(-1) == 0 && c.session != nil {
		c.session.sent(c)
	}
}

// close queues a close frame, after which melody closes the connection.
func (c *conn) close(code int) {
	_ = c.melody.Load().CloseWithMsg(websocket.FormatCloseMessage(code, "")) // closed already
}

// cut breaks the connection, below TLS: closing that would write, and could block. One that is not up yet sees for itself
// that the server is closing.
func (c *conn) cut() {
	s := c.melody.Load()
	if s == nil {
		return
	}
	raw := s.WebsocketConnection().NetConn()
	if encrypted, ok := raw.(*tls.Conn); ok {
		raw = encrypted.NetConn()
	}
	_ = raw.Close() // closed already
}

// doom notes why the connection ends, unless it is known.
func (c *conn) doom(reason Reason) { c.fate.CompareAndSwap(nil, &reason) }

func (c *conn) reason() Reason {
	if reason := c.fate.Load(); reason != nil {
		return *reason
	}
	return TransportError
}

// receive handles one WebSocket message.
func (c *conn) receive(data []byte, binary bool) {
	p, err := packet{kind: packetMessage, data: data, binary: true}, error(nil)
	if !binary {
		p, err = decodeText(data)
	}
	switch {
	case c.session == nil: // refused, and closing
	case c.probing:
		c.probe(p, err)
	case err != nil:
		c.session.end(ParseError, broken)
	default:
		c.session.receive(p)
	}
}

// down is called when the connection is closed.
func (c *conn) down() {
	switch {
	case c.session == nil:
	case c.probing:
		c.session.probeDown(c)
	default:
		c.session.end(c.reason(), cut)
	}
}
