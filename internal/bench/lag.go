package main

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/sync/errgroup"

	"github.com/brickboard/brickboard/domain"
	"github.com/brickboard/brickboard/domain/command"
	"github.com/brickboard/brickboard/internal/messaging"
	"github.com/brickboard/brickboard/projections"
)

// lag measures the time from a command's commit to that of its projection, beside the command's own time, at two rates,
// alone and beside a foreign transaction that has written and stays open.
func lag(ctx context.Context, b *bench) error {
	for _, foreign := range []bool{false, true} {
		for _, rate := range []int{50, 500} {
			if err := b.lagAt(ctx, rate, foreign); err != nil {
				return err
			}
		}
	}
	return nil
}

func (b *bench) lagAt(ctx context.Context, rate int, foreign bool) error {
	name := fmt.Sprintf("%d commands a second", rate)
	if foreign {
		name += ", beside an open writing transaction"
		conn, err := pgx.Connect(ctx, b.url)
		if err != nil {
			return err
		}
		defer conn.Close(ctx)
		if _, err := conn.Exec(ctx, "BEGIN; CREATE TABLE foreign_work (); SELECT pg_current_xact_id()"); err != nil {
			return err
		}
	}
	watch := &projected{at: map[string]time.Time{}}
	stop, service, err := b.startProjecting(ctx, watch)
	if err != nil {
		return err
	}
	// What earlier sections left is projected before anything is measured.
	_, warming, err := issue(ctx, service, rate, time.Second)
	if err != nil {
		return err
	}
	if _, err := watch.lags(ctx, warming); err != nil {
		return err
	}
	took, committed, err := issue(ctx, service, rate, 10*time.Second)
	if err != nil {
		return err
	}
	lags, err := watch.lags(ctx, committed)
	if err != nil {
		return err
	}
	figure(name+": command", "%v", took)
	figure(name+": commit to projected", "%v", lags)
	atMost("p99 / the command's own p99", float64(lags.percentile(0.99))/float64(took.percentile(0.99)), 4)
	return stop()
}

// issue adds a MOC for a new collector each time, at a steady rate that does not wait for the commands.
func issue(ctx context.Context, service *command.Service, rate int, length time.Duration) (took latencies, committed map[string]time.Time, err error) {
	committed = map[string]time.Time{}
	var mu sync.Mutex
	issuing, ctx := errgroup.WithContext(ctx)
	tick := time.NewTicker(time.Second / time.Duration(rate))
	defer tick.Stop()
	run := time.Now().UnixNano()
	for n := range int(length.Seconds()) * rate {
		<-tick.C
		issuing.Go(func() error {
			collector := fmt.Sprintf("lag-%d-%d", run, n)
			began := time.Now()
			_, err := service.AddMOC(ctx, command.AddMOC{Collector: domain.CollectorID(collector), Draft: draft()})
			ended := time.Now()
			mu.Lock()
			defer mu.Unlock()
			took, committed[collector] = append(took, ended.Sub(began)), ended
			return err
		})
	}
	return took, committed, issuing.Wait()
}

// projected notes when each collector was first announced, which is after the commit of its projection.
type projected struct {
	bus *messaging.LiveBus
	mu  sync.Mutex
	at  map[string]time.Time
}

func (p *projected) Announce(ctx context.Context, revisions []messaging.Revision) error {
	now := time.Now()
	p.mu.Lock()
	for _, r := range revisions {
		if _, ok := p.at[r.Collector]; !ok {
			p.at[r.Collector] = now
		}
	}
	p.mu.Unlock()
	return p.bus.Announce(ctx, revisions)
}

// lags waits until everything that was committed is projected.
func (p *projected) lags(ctx context.Context, committed map[string]time.Time) (lags latencies, err error) {
	for collector, at := range committed {
		for {
			p.mu.Lock()
			done, ok := p.at[collector]
			p.mu.Unlock()
			if ok {
				lags = append(lags, max(0, done.Sub(at)))
				break
			}
			select {
			case <-time.After(time.Millisecond):
			case <-ctx.Done():
				return nil, ctx.Err()
			}
		}
	}
	return lags, nil
}

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
