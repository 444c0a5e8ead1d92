package main

import (
	"context"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/sync/errgroup"

	"github.com/brickboard/brickboard/domain/command"
	"github.com/brickboard/brickboard/internal/messaging"
	"github.com/brickboard/brickboard/projections"
)

// startProjecting runs the engine as a server does.
func (b *bench) startProjecting(ctx context.Context, watch *projected) (stop func() error, service *command.Service, err error) {
	log := slog.New(slog.DiscardHandler)
	enginePool, err := b.openPool(ctx, 4)
	if err != nil {
		return nil, nil, err
	}
	config := messaging.DefaultSubscriptionConfig()
	base, err := pgxpool.ParseConfig(b.url)
	if err != nil {
		return nil, nil, err
	}
	subscribers, err := pgxpool.NewWithConfig(ctx, messaging.SubscriberPool(base, config.AckDeadline))
	if err != nil {
		return nil, nil, err
	}
	waker := messaging.NewWaker(enginePool, log)
	if watch.bus, err = messaging.NewLiveBus(subscribers, waker); err != nil {
		return nil, nil, err
	}
	engine := projections.NewEngine(enginePool, watch, projections.NewMetrics(prometheus.NewRegistry()), log)
	subscription, err := messaging.NewSubscription(subscribers, waker, log, config, engine.Project)
	if err != nil {
		return nil, nil, err
	}
	running, cancel := context.WithCancel(ctx)
	var parts errgroup.Group
	parts.Go(func() error { return subscription.Run(running) })
	parts.Go(func() error { return waker.Run(running) })
	return func() error {
		cancel()
		defer enginePool.Close()
		defer subscribers.Close()
		return parts.Wait()
	}, command.NewService(b.pool, waker, time.Now), nil
}
