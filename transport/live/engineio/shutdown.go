package engineio

import (
	"context"
	"fmt"
	"time"
)

// Shutdown answers new handshakes with 503, closes the sessions with ShuttingDown, evenly over spread, and waits until
// the WebSockets are closed. When ctx is done first it cuts off those that are left, and returns ctx's error.
func (srv *Server) Shutdown(ctx context.Context, spread time.Duration) error {
	sessions := srv.stop()
	start := time.Now()
	for i, s := range sessions {
		due := start.Add(spread * time.Duration(i) / time.Duration(len(sessions)))
		waitUntil(ctx, due)
		s.Close(ShuttingDown)
	}
	done := make(chan struct{})
	go func() {
		srv.conns.Wait()
		close(done)
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		srv.cutAll()
		return fmt.Errorf("close live sessions: %w", ctx.Err())
	}
}

// waitUntil returns at due, or when ctx is done.
func waitUntil(ctx context.Context, due time.Time) {
	wait := time.Until(due)
	if wait <= 0 {
		return
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// stop lets nothing new in, and gives the sessions that are open.
func (srv *Server) stop() []*Session {
	srv.mu.Lock()
	defer srv.mu.Unlock()
	srv.closing = true
	sessions := make([]*Session, 0, len(srv.sessions))
	for _, s := range srv.sessions {
		sessions = append(sessions, s)
	}
	return sessions
}

func (srv *Server) isClosing() bool {
	srv.mu.Lock()
	defer srv.mu.Unlock()
	return srv.closing
}

// enter counts a WebSocket in; leave counts it out.
func (srv *Server) enter() bool {
	srv.mu.Lock()
	defer srv.mu.Unlock()
	if srv.closing {
		return false
	}
	srv.conns.Add(1)
	return true
}

func (srv *Server) leave() { srv.conns.Done() }

// cutAll breaks every WebSocket, also one that only probes.
func (srv *Server) cutAll() {
	open, err := srv.melody.Sessions()
	if err != nil { // closed, which it never is
		return
	}
	for _, s := range open {
		guard(s, (*conn).cut)
	}
}
