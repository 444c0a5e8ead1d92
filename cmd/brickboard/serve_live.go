package main

import (
	"context"
	"net/http"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/brickboard/brickboard/internal/messaging"
	"github.com/brickboard/brickboard/readmodel"
	"github.com/brickboard/brickboard/transport/live"
	"github.com/brickboard/brickboard/transport/rest"
)

// startLive makes the sockets, and runs what feeds them until ctx is done. They have connections of their own: a storm
// of reconnects does not take those of requests.
func (s *service) startLive(ctx context.Context, parts *errgroup.Group, deps rest.Deps) (*live.Hub, error) {
	pool, err := s.db.pool(ctx, "live", s.config.LiveConnections)
	if err != nil {
		return nil, err
	}
	hub := live.NewHub(s.config.hub(), live.Deps{
		Dashboards: readmodel.NewReader(pool, 0), Verifier: deps.Verifier, Origins: deps.Origins,
		Metrics: s.registry, Log: s.log, Now: time.Now,
	})
	bus, err := messaging.NewLiveSubscription(pool, s.waker, s.log, s.config.PollInterval, hub)
	if err != nil {
		pool.Close()
		return nil, err
	}
	parts.Go(func() error { return hub.Run(ctx) })
	parts.Go(func() error { return bus.Run(ctx) })
	parts.Go(func() error {
		<-hub.Done()
		pool.Close()
		return nil
	})
	if s.options.noProjections { // else the projections' listener wakes the bus too
		parts.Go(func() error {
			return messaging.NewListener(pool.Config().ConnConfig, s.waker, s.log).Run(ctx)
		})
	}
	return hub, nil
}

// hub is the configuration of the sockets as a Hub takes it: there no spread at all is below 0, and 0 its default.
func (c Config) hub() live.Config {
	hub := c.Live
	if hub.Spread == 0 {
		hub.Spread = -1
	}
	return hub
}

// withLive serves the sockets' paths, and all others by next.
func withLive(hub *live.Hub, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == live.PlainPath || strings.HasPrefix(r.URL.Path, live.SocketIOPath) {
			hub.ServeHTTP(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// closeLive tells the sessions to come back.
func (s *service) closeLive(ctx context.Context, hub *live.Hub) {
	if err := hub.Shutdown(ctx); err != nil {
		s.log.WarnContext(ctx, "live sessions were cut off", "error", err)
	}
}
