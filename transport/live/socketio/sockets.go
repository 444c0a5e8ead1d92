package socketio

import "slices"

// What follows are a client's sockets: at most one a namespace.

// add takes a socket that waits for its answer; there is one a namespace.
func (c *client) add(socket *Socket) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.index(socket.namespace) >= 0 {
		return false
	}
	c.sockets = append(c.sockets, socket)
	return true
}

func (c *client) index(namespace string) int {
	return slices.IndexFunc(c.sockets, func(s *Socket) bool { return s.namespace == namespace })
}

// connected finds a namespace's socket; the handler is nil where there is none, or none that was accepted.
func (c *client) connected(namespace string) (*Socket, Handler) {
	c.mu.Lock()
	defer c.mu.Unlock()
	i := c.index(namespace)
	if i < 0 {
		return nil, nil
	}
	return c.sockets[i], c.sockets[i].handler
}

// isConnected says, with mu held, whether a socket is accepted.
func (c *client) isConnected() bool {
	return slices.ContainsFunc(c.sockets, func(s *Socket) bool { return s.handler != nil })
}

func (c *client) accept(s *Socket, h Handler, reply Frame) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed || s.handler != nil || !slices.Contains(c.sockets, s) {
		return false
	}
	s.handler = h
	c.leave()
	c.session.Send(reply.frames...)
	return true
}

func (c *client) refuse(s *Socket, refusal Frame) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed || s.handler != nil || !c.drop(s) {
		return false
	}
	c.session.Send(refusal.frames...)
	return true
}

func (c *client) send(s *Socket, f Frame) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return !c.closed && s.handler != nil && slices.Contains(c.sockets, s) && c.session.Send(f.frames...)
}

func (c *client) disconnect(s *Socket) {
	bye, _ := encode(packet{kind: typeDisconnect, namespace: s.namespace}, nil, nil) // no payload
	c.mu.Lock()
	dropped := s.handler != nil && c.drop(s)
	if dropped {
		c.session.Send(bye.frames...)
	}
	c.mu.Unlock()
	if dropped {
		s.handler.Disconnected(ServerDisconnect)
	}
}

func (c *client) remove(s *Socket) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.drop(s)
}

// drop forgets a socket, with mu held, and says whether it was there. With the last the client is in the lobby again.
func (c *client) drop(s *Socket) bool {
	i := slices.Index(c.sockets, s)
	if i < 0 {
		return false
	}
	c.sockets = slices.Delete(c.sockets, i, i+1)
	if s.handler != nil && !c.isConnected() {
		c.leave = c.server.lobby.enter(c.session)
	}
	return true
}
