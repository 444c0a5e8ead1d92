package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/gorilla/websocket"
	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/sync/errgroup"

	"github.com/brickboard/brickboard/domain"
	"github.com/brickboard/brickboard/domain/command"
	"github.com/brickboard/brickboard/internal/messaging"
	"github.com/brickboard/brickboard/readmodel"
	"github.com/brickboard/brickboard/transport/auth"
	"github.com/brickboard/brickboard/transport/live"
)

// dashboards is how many collectors have one open while commands come in, in turns.
const dashboards = 1_000

// liveLatency measures the time from a command's answer to the envelope at the collector's open dashboard, beside the
// command's own time, at two rates.
func liveLatency(ctx context.Context, b *bench) error {
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
	for _, rate := range []int{50, 500} {
		b.under("%d commands a second", rate)
		if _, _, err := arrivals.measure(ctx, service, rate, time.Second); err != nil { // warms up
			return err
		}
		took, late, err := arrivals.measure(ctx, service, rate, 10*time.Second)
		if err != nil {
			return err
		}
		b.latency("command", took)
		b.latency("commit to socket", late)
		b.ratio("p99 / the command's own p99", float64(late.percentile(0.99))/float64(took.percentile(0.99)), atMost(5))
	}
	return errorsOf(stopServing, stopProjecting)
}

func errorsOf(all ...func() error) error {
	var group errgroup.Group
	for _, each := range all {
		group.Go(each)
	}
	return group.Wait()
}

// serveLive is a server of sockets alone, which hears of what is projected as another server does.
func (b *bench) serveLive(ctx context.Context, config live.Config) (url string, stop func() error, err error) {
	log := slog.New(slog.DiscardHandler)
	pool, err := b.openPool(ctx, 6)
	if err != nil {
		return "", nil, err
	}
	verifier, err := auth.NewVerifier(ctx, auth.Config{Secret: []byte(secret)}, log)
	if err != nil {
		return "", nil, err
	}
	origins, err := auth.NewOrigins(nil)
	if err != nil {
		return "", nil, err
	}
	hub := live.NewHub(config, live.Deps{
		Dashboards: readmodel.NewReader(pool, 0), Verifier: verifier, Origins: origins,
		Metrics: prometheus.NewRegistry(), Log: log, Now: time.Now,
	})
	waker := messaging.NewWaker(pool, log)
	bus, err := messaging.NewLiveSubscription(pool, waker, log, time.Second, hub)
	if err != nil {
		return "", nil, err
	}
	addr, stopHTTP, err := serveLocally(hub)
	if err != nil {
		return "", nil, err
	}
	running, cancel := context.WithCancel(ctx)
	var parts errgroup.Group
	parts.Go(func() error { return hub.Run(running) })
	parts.Go(func() error { return bus.Run(running) })
	parts.Go(func() error { return messaging.NewListener(pool.Config().ConnConfig, waker, log).Run(running) })
	return "ws://" + addr, func() error {
		defer pool.Close()
		stopHTTP()
		_ = hub.Shutdown(running)
		cancel()
		return parts.Wait()
	}, nil
}

func dashboardOf(n int) domain.CollectorID {
	return domain.CollectorID(fmt.Sprintf("dashboard-%d", n))
}

// arrivals notes when the envelope that tells of a MOC arrived.
type arrivals struct {
	mu sync.Mutex
	at map[uuid.UUID]time.Time
}

func newArrivals() *arrivals { return &arrivals{at: map[uuid.UUID]time.Time{}} }

// follow opens the dashboards, with deltas.
func (a *arrivals) follow(url string) error {
	signer := auth.NewSigner([]byte(secret), "", "", nil)
	for n := range dashboards {
		token, _, err := signer.Sign(dashboardOf(n), nil, time.Hour)
		if err != nil {
			return err
		}
		conn, _, err := websocket.DefaultDialer.Dial(url+live.PlainPath+"?deltas=1", http.Header{"Authorization": {"Bearer " + token}})
		if err != nil {
			return err
		}
		go a.read(conn)
	}
	return nil
}

func (a *arrivals) read(conn *websocket.Conn) {
	for {
		_, text, err := conn.ReadMessage()
		if err != nil {
			return
		}
		now := time.Now()
		var e struct {
			Type    readmodel.EventType
			Payload json.RawMessage
		}
		if err := json.Unmarshal(text, &e); err != nil || !strings.HasPrefix(string(e.Type), "dashboard:recent") {
			continue
		}
		mocs := []struct{ ID uuid.UUID }{{}}
		if e.Type == readmodel.RecentMOCAdded {
			err = json.Unmarshal(e.Payload, &mocs[0])
		} else {
			err = json.Unmarshal(e.Payload, &mocs)
		}
		if err == nil {
			a.mu.Lock()
			for _, m := range mocs {
				if _, ok := a.at[m.ID]; !ok {
					a.at[m.ID] = now
				}
			}
			a.mu.Unlock()
		}
	}
}

// measure adds MOCs at a steady rate, to one dashboard after the other.
func (a *arrivals) measure(ctx context.Context, service *command.Service, rate int, length time.Duration) (took, late latencies, err error) {
	committed := map[uuid.UUID]time.Time{}
	var mu sync.Mutex
	issuing, ctx := errgroup.WithContext(ctx)
	tick := time.NewTicker(time.Second / time.Duration(rate))
	defer tick.Stop()
	for n := range int(length.Seconds()) * rate {
		<-tick.C
		issuing.Go(func() error {
			began := time.Now()
			moc, err := service.AddMOC(ctx, command.AddMOC{Collector: dashboardOf(n % dashboards), Draft: draft()})
			ended := time.Now()
			mu.Lock()
			defer mu.Unlock()
			took, committed[moc.ID] = append(took, ended.Sub(began)), ended
			return err
		})
	}
	if err := issuing.Wait(); err != nil {
		return nil, nil, err
	}
	for id, at := range committed {
		late = append(late, max(0, a.await(id).Sub(at)))
	}
	return took, late, nil
}

// await waits for the envelope of a MOC, which comes: else the time is that of giving up.
func (a *arrivals) await(id uuid.UUID) time.Time {
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(time.Millisecond) {
		a.mu.Lock()
		at, ok := a.at[id]
		a.mu.Unlock()
		if ok {
			return at
		}
	}
	return time.Now()
}
