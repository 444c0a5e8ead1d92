package main

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/sync/errgroup"

	"github.com/brickboard/brickboard/internal/messaging"
	"github.com/brickboard/brickboard/projections"
)

// startProjections runs the engine on its topics. Its pools close when the parts have ended.
func (s *service) startProjections(ctx context.Context, parts *errgroup.Group) error {
	engineConnections, err := s.db.pool(ctx, "projections", s.config.ProjectionConnections)
	if err != nil {
		return err
	}
	delivery := messaging.DefaultSubscriptionConfig()
	delivery.BatchSize, delivery.PollInterval = s.config.BatchSize, s.config.PollInterval
	delivery.CloseTimeout = s.config.ShutdownTimeout
	base, err := s.db.poolConfig("subscriber", 2*len(messaging.Topics()))
	if err != nil {
		return err
	}
	subscribers, err := pgxpool.NewWithConfig(ctx, messaging.SubscriberPool(base, delivery.AckDeadline))
	if err != nil {
		return fmt.Errorf("open subscriber pool: %w", err)
	}
	bus, err := messaging.NewLiveBus(subscribers, s.waker) // whose commits do not wait for the disk: nothing is lost with an announcement
	if err != nil {
		return err
	}
	engine := projections.NewEngine(engineConnections, bus, projections.NewMetrics(s.registry), s.log)
	subscription, err := messaging.NewSubscription(subscribers, s.waker, s.log, delivery, engine.Project)
	if err != nil {
		return err
	}
	s.watchProjections(ctx, parts, engine.Failure)
	parts.Go(func() error { return engine.Run(ctx) })
	parts.Go(func() error {
		defer engineConnections.Close()
		defer subscribers.Close()
		return subscription.Run(ctx)
	})
	parts.Go(func() error { return messaging.NewListener(base.ConnConfig, s.waker, s.log).Run(ctx) })
	return nil
}

const (
	housekeepingInterval = time.Minute
	purgeChunk           = 10_000
)

// keepHouse deletes what has served its time: projected events, announcements, answers kept for idempotency.
func (s *service) keepHouse(ctx context.Context) error {
	retention := messaging.NewRetention(s.upkeep, s.config.Retention, housekeepingInterval, s.log)
	var parts errgroup.Group
	parts.Go(func() error { return retention.Run(ctx) })
	parts.Go(func() error { return s.purgeKeys(ctx) })
	return parts.Wait()
}

func (s *service) purgeKeys(ctx context.Context) error {
	tick := time.NewTicker(housekeepingInterval)
	defer tick.Stop()
	for {
		deleted, err := s.commands.PurgeKeys(ctx, purgeChunk)
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil:
			s.log.WarnContext(ctx, "old idempotency keys cannot be deleted", "error", err)
		case deleted == purgeChunk:
			continue
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return nil
		}
	}
}
