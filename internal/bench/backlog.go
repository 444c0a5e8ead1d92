package main

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/sync/errgroup"

	"github.com/brickboard/brickboard/internal/messaging"
	"github.com/brickboard/brickboard/projections"
)

const backlogEvents = 200_000

// backlog measures how fast a backlog of events is projected: by one server and by two, beside a fold of the same events
// in one transaction on the database server, and beside one transaction an event.
func backlog(ctx context.Context, b *bench) error {
	for _, collectors := range []int{1_000, 50_000} {
		if err := b.emptyAll(ctx); err != nil {
			return err
		}
		if err := b.writeBacklog(ctx, collectors); err != nil {
			return err
		}
		b.under("%d events of %d collectors", backlogEvents, collectors)
		if err := b.drainInTurns(ctx); err != nil {
			return err
		}
	}
	return b.emptyAll(ctx)
}

func (b *bench) drainInTurns(ctx context.Context) error {
	var floor, one, two, single []float64
	for range min(b.turns, 3) {
		for _, c := range []struct {
			rates *[]float64
			run   func(context.Context) (float64, error)
		}{
			{&floor, b.foldOnServer},
			{&one, func(ctx context.Context) (float64, error) {
				return b.drain(ctx, 1, messaging.DefaultSubscriptionConfig().BatchSize, backlogEvents)
			}},
			{&two, func(ctx context.Context) (float64, error) {
				return b.drain(ctx, 2, messaging.DefaultSubscriptionConfig().BatchSize, backlogEvents)
			}},
			{&single, func(ctx context.Context) (float64, error) { return b.drain(ctx, 1, 1, 1000) }},
		} {
			if err := b.emptyReadModel(ctx); err != nil {
				return err
			}
			rate, err := c.run(ctx)
			if err != nil {
				return err
			}
			*c.rates = append(*c.rates, rate)
		}
	}
	b.figure("floor: a fold in one transaction on the server", median(floor), "/s")
	b.figure("one server", median(one), "/s")
	b.figure("two servers", median(two), "/s")
	b.figure("one transaction an event", median(single), "/s")
	b.ratio("one server / floor", ratios(one, floor), atLeast(0.9))
	b.ratio("one server / one transaction an event", ratios(one, single), atLeast(50))
	b.ratio("two servers / one server", ratios(two, one), atLeast(1))
	return nil
}

// drain projects that many events of the backlog with so many servers and returns how many a second it were.
func (b *bench) drain(ctx context.Context, servers, batch int, events int64) (float64, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var projected atomic.Int64
	done := make(chan struct{})
	began := time.Now()
	var running errgroup.Group
	for range servers {
		stop, err := b.drainingServer(ctx, batch, func(n int) {
			if now := projected.Add(int64(n)); now >= events && now-int64(n) < events {
				close(done)
			}
		}, &running)
		if err != nil {
			return 0, err
		}
		defer stop()
	}
	select {
	case <-done:
	case <-ctx.Done():
		return 0, ctx.Err()
	}
	rate := float64(projected.Load()) / time.Since(began).Seconds()
	cancel()
	return rate, running.Wait()
}

func (b *bench) drainingServer(ctx context.Context, batch int, handled func(int), running *errgroup.Group) (stop func(), err error) {
	log := slog.New(slog.DiscardHandler)
	config := messaging.DefaultSubscriptionConfig()
	config.BatchSize = batch
	base, err := pgxpool.ParseConfig(b.url)
	if err != nil {
		return nil, err
	}
	subscribers, err := pgxpool.NewWithConfig(ctx, messaging.SubscriberPool(base, config.AckDeadline))
	if err != nil {
		return nil, err
	}
	pool, err := b.openPool(ctx, 4)
	if err != nil {
		return nil, err
	}
	waker := messaging.NewWaker(pool, log)
	bus, err := messaging.NewLiveBus(subscribers, waker)
	if err != nil {
		return nil, err
	}
	engine := projections.NewEngine(pool, bus, projections.NewMetrics(prometheus.NewRegistry()), log)
	subscription, err := messaging.NewSubscription(subscribers, waker, log, config,
		func(ctx context.Context, topic string, records []messaging.Record) error {
			if err := engine.Project(ctx, topic, records); err != nil {
				return err
			}
			handled(len(records))
			return nil
		})
	if err != nil {
		return nil, err
	}
	running.Go(func() error { return subscription.Run(ctx) })
	return func() { subscribers.Close(); pool.Close() }, nil
}
