package main

import (
	"context"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/brickboard/brickboard/projections"
)

// watchProjections keeps an eye on how far the read model is behind, also where other servers project. failure says why
// this one's newest batch of a topic failed.
func (s *service) watchProjections(ctx context.Context, parts *errgroup.Group, failure func(topic string) string) {
	s.health = projections.NewMonitor(s.monitor, s.config.StallTimeout, failure, s.registry, s.log)
	parts.Go(func() error { return s.health.Run(ctx) })
}

// ready says whether requests can be answered, and answered with what is true: the database answers, and no projection
// stands still. Where other servers project, that is told, by log, metrics and the admin listener, and does not count.
func (s *service) ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	if err := s.monitor.Ping(ctx); err != nil {
		return fmt.Errorf("database: %w", err)
	}
	if s.options.noProjections {
		return nil
	}
	if err := s.health.Blocked(); err != nil {
		return fmt.Errorf("projections: %w", err)
	}
	return nil
}
