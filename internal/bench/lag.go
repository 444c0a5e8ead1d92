package main

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/errgroup"

	"github.com/brickboard/brickboard/domain"
	"github.com/brickboard/brickboard/domain/command"
	"github.com/brickboard/brickboard/internal/messaging"
)

// lag measures the time from a command's commit to that of its projection, beside the command's own time, at two rates:
// alone, and for a minute beside a foreign transaction that has written and stays open.
func lag(ctx context.Context, b *bench) error {
	for _, rate := range []int{50, 500} {
		b.under("%d commands a second", rate)
		if err := b.lagAt(ctx, rate, 10*time.Second); err != nil {
			return err
		}
	}
	for _, rate := range []int{50, 500} {
		b.under("%d commands a second, beside a writing transaction that is open for a minute", rate)
		err := b.besideForeign(ctx, func() error { return b.lagAt(ctx, rate, time.Minute) })
		if err != nil {
			return err
		}
	}
	return nil
}

// besideForeign works while a foreign transaction is open, from before to after.
func (b *bench) besideForeign(ctx context.Context, work func() error) error {
	conn, err := pgx.Connect(ctx, b.url)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, "BEGIN; CREATE TABLE foreign_work (); SELECT pg_current_xact_id()"); err != nil {
		return err
	}
	if err := work(); err != nil {
		return err
	}
	if _, err := conn.Exec(ctx, "TABLE foreign_work"); err != nil { // which only the transaction itself sees
		return fmt.Errorf("the foreign transaction did not stay open: %w", err)
	}
	return nil
}

func (b *bench) lagAt(ctx context.Context, rate int, length time.Duration) error {
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
	took, committed, err := issue(ctx, service, rate, length)
	if err != nil {
		return err
	}
	lags, err := watch.lags(ctx, committed)
	if err != nil {
		return err
	}
	b.latency("command", took)
	b.latency("commit to projected", lags)
	b.ratio("p99 / the command's own p99", float64(lags.percentile(0.99))/float64(took.percentile(0.99)), atMost(4))
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
