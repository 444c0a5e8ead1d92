package main

import (
	"context"
	"math/rand/v2"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
)

const (
	readPause       = 10 * time.Millisecond // of a client between two requests, on average
	changesOfReads  = 25                    // changes a second of the collection that is read
	requiredReadP95 = 600                   // milliseconds
)

// readLatencies measures how long one request takes on a machine that is not full: of the floor; of what browsers ask,
// without If-None-Match, warm but for the first request after each change of the view, which are about one of ten and so
// decide the p95; and of such as are all cold. Clients that pause ask in turns.
func (b *bench) readLatencies(ctx context.Context, collector string, floor, warm, cold contender) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var changing errgroup.Group
	changing.Go(func() error { return b.keepChanging(ctx, collector, changesOfReads) })
	asked := []contender{floor, warm, cold}
	all, p95 := make([]latencies, len(asked)), make([][]float64, len(asked))
	for turn := range b.turns + 1 {
		took, err := b.askInTurns(ctx, asked)
		if err != nil {
			return err
		}
		for i := range asked {
			if turn > 0 { // the first one warms up
				all[i] = append(all[i], took[i]...)
				p95[i] = append(p95[i], took[i].milliseconds(0.95))
			}
		}
	}
	b.latency("one request: floor", all[0])
	b.latency("one request: warm, but after a change", all[1], atMost(requiredReadP95))
	b.latency("one request: cold", all[2], atMost(requiredReadP95))
	b.ratio("p95, warm, but after a change / floor", ratios(p95[1], p95[0]), atMost(2).ours())
	b.ratio("p95, cold / floor", ratios(p95[2], p95[0]))
	stop()
	return changing.Wait()
}

func (b *bench) askInTurns(ctx context.Context, asked []contender) ([]latencies, error) {
	took := make([]latencies, len(asked))
	var mu sync.Mutex
	_, err := perSecond(ctx, b.took, func(ctx context.Context, client int) error {
		for _, i := range rand.Perm(len(asked)) {
			time.Sleep(rand.N(2 * readPause))
			began := time.Now()
			if err := asked[i].work(ctx, client); err != nil {
				return err
			}
			ended := time.Now()
			mu.Lock()
			took[i] = append(took[i], ended.Sub(began))
			mu.Unlock()
		}
		return nil
	})
	return took, err
}
