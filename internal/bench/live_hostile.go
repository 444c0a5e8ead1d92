package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"time"

	"github.com/gorilla/websocket"

	"github.com/brickboard/brickboard/transport/auth"
	"github.com/brickboard/brickboard/transport/live"
)

// liveHostile measures the time from a command's answer to the envelope at 1,000 open dashboards, alone and beside 10
// clients that never read and 10 that send garbage, in turns.
func liveHostile(ctx context.Context, b *bench) error {
	const rate = 200
	stopProjecting, service, err := b.startProjecting(ctx, &projected{at: map[string]time.Time{}})
	if err != nil {
		return err
	}
	url, stopServing, err := b.serveLive(ctx, live.Config{})
	if err != nil {
		return err
	}
	arrivals := newArrivals()
	if err := arrivals.follow(url); err != nil {
		return err
	}
	var alone, beside []float64
	for turn := range b.turns + 1 {
		_, quiet, err := arrivals.measure(ctx, service, rate, 3*time.Second)
		if err != nil {
			return err
		}
		hostile, stop := context.WithCancel(ctx)
		for n := range 10 {
			if err := neverRead(hostile, url, n); err != nil {
				stop()
				return err
			}
			go sendGarbage(hostile, url)
		}
		_, troubled, err := arrivals.measure(ctx, service, rate, 3*time.Second)
		stop()
		if err != nil {
			return err
		}
		if turn > 0 { // the first one warms up
			alone = append(alone, quiet.percentile(0.99).Seconds())
			beside = append(beside, troubled.percentile(0.99).Seconds())
			b.latency("alone", quiet)
			b.latency("beside hostile clients", troubled)
		}
	}
	b.ratio("p99, beside hostile clients / alone", ratios(beside, alone), atMost(2))
	return errorsOf(stopServing, stopProjecting)
}

func neverRead(ctx context.Context, url string, n int) error {
	token, _, err := auth.NewSigner([]byte(secret), "", "", nil).Sign(dashboardOf(n), nil, time.Hour)
	if err != nil {
		return err
	}
	conn, _, err := websocket.DefaultDialer.Dial(url+live.PlainPath, http.Header{"Authorization": {"Bearer " + token}})
	if err != nil {
		return err
	}
	context.AfterFunc(ctx, func() { _ = conn.Close() })
	return nil
}

// sendGarbage does so, a thousand times a second as long as it is let, and comes back when it is closed: faster ones would
// measure what they cost this machine, on which they run too.
func sendGarbage(ctx context.Context, url string) {
	for ctx.Err() == nil {
		conn, _, err := websocket.DefaultDialer.DialContext(ctx, url+live.SocketIOPath+"?EIO=4&transport=websocket", nil)
		for err == nil && ctx.Err() == nil {
			err = conn.WriteMessage(websocket.TextMessage, fmt.Appendf(nil, "4%d%x", rand.IntN(7), rand.Uint64()))
			time.Sleep(time.Millisecond)
		}
		if conn != nil {
			_ = conn.Close()
		}
		time.Sleep(100 * time.Millisecond)
	}
}
