package live

import (
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"github.com/brickboard/brickboard/readmodel"
	"github.com/brickboard/brickboard/transport/auth"
	"github.com/brickboard/brickboard/transport/live/engineio"
	"github.com/brickboard/brickboard/transport/live/socketio"
)

func (h *Hub) newSocketIO() *socketio.Server {
	c := h.config
	refusals := h.metrics.refusals.MustCurryWith(map[string]string{"protocol": string(socketIO)})
	return socketio.NewServer(socketio.Config{
		Engine: engineio.Config{
			PingInterval: c.PingInterval, PingTimeout: c.PingTimeout, WriteWait: c.WriteWait, MaxPayload: c.MaxPayload,
			SendBuffer: c.SendBuffer, PacketRate: c.PacketRate, Admit: h.admit, Log: h.deps.Log,
			Refused: func(cause engineio.Refusal) { refusals.WithLabelValues(string(cause)).Inc() },
		},
		Namespaces:       map[string]socketio.Connect{namespace: h.connect},
		MaxUnconnected:   c.Sessions,
		UnknownNamespace: refusals.WithLabelValues("unknown_namespace").Inc,
		Unconnected:      h.unconnected,
	})
}

// crossOrigin is what polling needs, with the token in a header or not.
var crossOrigin = auth.CrossOrigin{Methods: "GET, POST", Headers: "Authorization, Content-Type"}

func (h *Hub) serveSocketIO(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Vary", "Origin")
	if h.deps.Origins.Share(w.Header(), r, crossOrigin) {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	if r.Method == http.MethodGet && r.ContentLength == 0 { // a poll waits longer than a request may take to be read
		_ = http.NewResponseController(w).SetReadDeadline(time.Time{}) // what cannot has none
	}
	h.sockets.ServeHTTP(w, r)
}

// unconnected counts and logs the end of a transport that has no session: none came, or it is gone already.
func (h *Hub) unconnected(t engineio.Transport, reason engineio.Reason) {
	h.metrics.unconnected.WithLabelValues(string(reason)).Inc()
	h.deps.Log.Debug("live transport ended without a session", "protocol", socketIO, "transport", t, "reason", reason)
}

// handshake is what is kept of the request that opened a transport: who its header or cookie speaks for.
type handshake struct {
	who auth.Identity
	err error
}

var errForeignOrigin = errors.New("origin is not allowed")

// admit decides on transports before they are opened. A client that is told 503 comes back by itself; after a
// CONNECT_ERROR it does not.
func (h *Hub) admit(r *http.Request) (kept any, err error) {
	if !h.deps.Origins.Allows(r) {
		return nil, errForeignOrigin
	}
	if err := h.available(r.Context()); err != nil {
		return nil, engineio.ErrUnavailable
	}
	who, _, err := h.deps.Verifier.Authenticate(r)
	return &handshake{who: who, err: err}, nil
}

// greeting is the auth payload of a CONNECT. Parts of another type than these are as good as absent, but for the token.
type greeting struct {
	Token  json.RawMessage `json:"token"`
	Deltas json.RawMessage `json:"deltas"`
	PID    json.RawMessage `json:"pid"`
	Offset json.RawMessage `json:"offset"`
}

// identity is that of the token, which decides alone where there is one, else that of the handshake.
func (g *greeting) identity(v *auth.Verifier, kept *handshake) (auth.Identity, error) {
	if len(g.Token) == 0 || string(g.Token) == "null" {
		return kept.who, kept.err
	}
	token, ok := text(g.Token)
	if !ok {
		token = "not a string" // which is no token
	}
	return v.Verify(token)
}

func text(raw json.RawMessage) (s string, ok bool) {
	return s, len(raw) > 0 && raw[0] == '"' && json.Unmarshal(raw, &s) == nil
}

// connect answers a CONNECT to the namespace.
func (h *Hub) connect(s *socketio.Socket, payload json.RawMessage) {
	var g greeting
	_ = json.Unmarshal(payload, &g)            // an object, as Connect is promised
	kept, _ := s.Session().Kept().(*handshake) // admit made it
	who, err := g.identity(h.deps.Verifier, kept)
	if err == nil && !h.deps.Now().Before(who.ExpiresAt) {
		err = auth.ErrUnauthorized // it expired since the handshake
	}
	if err != nil {
		h.refused(socketIO, err)
		refuse(s, codeAuthFailed, reasonUnauthorized)
		return
	}
	pid, _ := text(g.PID)
	offset, _ := text(g.Offset)
	if len(g.Offset) > 0 && offset == "" {
		pid = "" // what it means cannot be known
	}
	room, p, err := h.letIn(who, string(g.Deltas) == "true", pid, offset)
	switch {
	case errors.Is(err, errTooManySessions):
		h.metrics.refusals.WithLabelValues(string(socketIO), reasonTooMany).Inc()
		refuse(s, codeTooManySessions, reasonTooMany)
		return
	case err != nil: // without an answer the client comes back
		s.Session().Dismiss(reasonUnavailable)
		return
	}
	if !p.recovered {
		pid = p.from.String()
	}
	c := &socketClient{socket: s}
	c.session = &session{id: s.ID(), protocol: socketIO, room: room, link: c}
	if !s.Accept(c, pid) {
		h.exit(room)
		return
	}
	c.session.begin(p)
}

// refuse tells the client why, and closes the transport when it has had time to hear it.
func refuse(s *socketio.Socket, code, reason string) {
	s.Refuse(code, map[string]string{"code": code})
	dismiss := func() {
		time.AfterFunc(refusalLinger, func() { s.Session().Dismiss(engineio.Reason(reason)) })
	}
	if !s.Session().WhenDrained(dismiss) { // it is sent already
		dismiss()
	}
}

// socketClient is a session's socket.
type socketClient struct {
	session *session
	socket  *socketio.Socket
}

// Event counts.
func (c *socketClient) Event(socketio.Event) { c.talk() }

// Ack counts.
func (c *socketClient) Ack(socketio.Ack) { c.talk() }

func (c *socketClient) talk() {
	if c.session.talk() {
		c.socket.Session().Dismiss(reasonTalkative)
	}
}

// Disconnected ends the session.
func (c *socketClient) Disconnected(reason engineio.Reason) { c.session.end(string(reason)) }

func (c *socketClient) send(f *frames, envelopes []*readmodel.Envelope) (bytes int, ok bool) {
	for i, e := range envelopes {
		packet := f.packet(e, i == len(envelopes)-1)
		if !c.socket.Send(packet) {
			return bytes, false
		}
		bytes += packet.Size()
	}
	return bytes, true
}

func (c *socketClient) unsent() (queued, capacity int) {
	s := c.socket.Session()
	return s.Queued(), s.Capacity()
}

func (c *socketClient) whenDrained(fn func()) bool { return c.socket.Session().WhenDrained(fn) }
func (c *socketClient) cut()                       { c.socket.Session().Cut(reasonTooSlow) }
func (c *socketClient) transport() string          { return string(c.socket.Session().Transport()) }

func (c *socketClient) expire(f *frames, e *readmodel.Envelope) {
	c.socket.Send(f.packet(e, false))
	c.socket.Session().Close(reasonExpired)
}
