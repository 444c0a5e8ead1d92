package live

import (
	"crypto/rand"
	"errors"
	"net/http"
	"strings"

	"github.com/gorilla/websocket"

	"github.com/brickboard/brickboard/readmodel"
	"github.com/brickboard/brickboard/transport/auth"
	"github.com/brickboard/brickboard/transport/live/plain"
)

func (h *Hub) newPlain() *plain.Server {
	c := h.config
	return plain.NewServer(plain.Config{
		Subprotocol: Subprotocol, PingInterval: c.PingInterval, PingTimeout: c.PingTimeout, WriteWait: c.WriteWait,
		MaxPayload: c.MaxPayload, SendBuffer: c.SendBuffer, Log: h.deps.Log,
	})
}

func (h *Hub) servePlain(w http.ResponseWriter, r *http.Request) {
	if !h.deps.Origins.Allows(r) {
		h.turnAway(w, http.StatusForbidden, "origin")
		return
	}
	who, err := h.identify(r)
	if err != nil {
		h.refused(plainWS, err)
		if offersSubprotocol(r) { // a browser cannot see the status
			h.plain.Accept(w, r, closing{plain.Reason(reasonUnauthorized), closeUnauthorized})
			return
		}
		w.Header().Set("WWW-Authenticate", "Bearer")
		h.turnAway(w, http.StatusUnauthorized, reasonUnauthorized)
		return
	}
	query := r.URL.Query()
	since := query.Get("since")
	room, p, err := h.letIn(who, query.Get("deltas") == "1", since, "")
	switch {
	case errors.Is(err, errTooManySessions):
		h.metrics.refusals.WithLabelValues(string(plainWS), reasonTooMany).Inc()
		h.plain.Accept(w, r, closing{plain.Reason(reasonTooMany), closeTooManySessions})
		return
	case err != nil:
		h.turnAway(w, http.StatusServiceUnavailable, reasonUnavailable)
		return
	}
	client := &plainClient{p: p, lost: since != "" && !p.recovered}
	client.session = &session{id: rand.Text(), protocol: plainWS, room: room, link: client}
	h.plain.Accept(w, r, client)
}

// turnAway answers a handshake with an error, whose words are the status's.
func (h *Hub) turnAway(w http.ResponseWriter, status int, cause string) {
	h.metrics.refusals.WithLabelValues(string(plainWS), cause).Inc()
	if status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", "1")
	}
	w.Header().Set("Cache-Control", "no-store")
	http.Error(w, http.StatusText(status), status)
}

// identify takes the token from Authorization, else from the subprotocols, else from the cookie: the first that is there
// decides alone.
func (h *Hub) identify(r *http.Request) (auth.Identity, error) {
	if len(r.Header.Values("Authorization")) == 0 {
		for _, offered := range websocket.Subprotocols(r) {
			if token, ok := strings.CutPrefix(offered, bearerPrefix); ok {
				return h.deps.Verifier.Verify(token)
			}
		}
	}
	who, _, err := h.deps.Verifier.Authenticate(r)
	return who, err
}

func offersSubprotocol(r *http.Request) bool {
	for _, offered := range websocket.Subprotocols(r) {
		if offered == Subprotocol {
			return true
		}
	}
	return false
}

// closing is a client that is answered only to be told a close code.
type closing struct {
	reason plain.Reason
	code   int
}

func (c closing) Opened(s *plain.Session) { s.Close(c.reason, c.code) }
func (closing) Received(*plain.Session)   {}
func (closing) Closed(plain.Reason)       {}

// plainClient is a session's plain WebSocket.
type plainClient struct {
	session *session
	conn    *plain.Session
	p       *presence // until it is opened
	lost    bool      // it asked to go on from a state, and cannot
}

func (c *plainClient) Opened(conn *plain.Session) {
	c.conn = conn
	p := c.p
	c.p = nil
	if c.lost {
		h := c.session.room.hub
		e := readmodel.NewResync(p.from, readmodel.NotRecovered, h.deps.Now())
		bytes, _ := c.send(newFrames(p.from), []*readmodel.Envelope{e})
		h.metrics.told(plainWS, []*readmodel.Envelope{e}, bytes)
	}
	c.session.begin(p)
}

func (c *plainClient) Received(conn *plain.Session) {
	if c.session.talk() {
		conn.Close(plain.Reason(reasonTalkative), websocket.ClosePolicyViolation)
	}
}

func (c *plainClient) Closed(reason plain.Reason) { c.session.end(string(reason)) }

func (c *plainClient) send(f *frames, envelopes []*readmodel.Envelope) (bytes int, ok bool) {
	texts := make([][]byte, len(envelopes))
	for i, e := range envelopes {
		texts[i] = f.text(e)
		bytes += len(texts[i])
	}
	return bytes, c.conn.Send(texts...)
}

func (c *plainClient) unsent() (queued, capacity int) { return c.conn.Queued(), c.conn.Capacity() }
func (c *plainClient) whenDrained(fn func()) bool     { return c.conn.WhenDrained(fn) }
func (c *plainClient) cut()                           { c.conn.Cut(plain.Reason(reasonTooSlow)) }
func (c *plainClient) transport() string              { return "websocket" }
func (c *plainClient) expire(f *frames, e *readmodel.Envelope) {
	c.conn.Send(f.text(e))
	c.conn.Close(plain.Reason(reasonExpired), closeUnauthorized)
}
