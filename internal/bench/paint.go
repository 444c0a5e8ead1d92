package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"time"

	"github.com/brickboard/brickboard/domain"
	"github.com/brickboard/brickboard/domain/command"
	"github.com/brickboard/brickboard/transport/auth"
)

const (
	painter      = domain.CollectorID("painter")
	paintedStart = 100 // MOCs that are there before
)

// paint measures the time from a command's 2xx, of a program over HTTP, to the new number on the page in a browser: with
// the program that is shipped, one change after the other. Beside it, in the same browser and between the changes, the
// time from the sending of a bare WebSocket's message to its number on a page that does nothing else.
//
// A hub tells a collector's first three changes at once, then one in 200 ms: so none has to wait at these paces. The
// changes come at uneven times, for frames come at even ones.
func paint(ctx context.Context, b *bench) (err error) {
	if err := b.emptyAll(ctx); err != nil {
		return err
	}
	service := command.NewService(b.pool, asleep{}, time.Now)
	for range paintedStart {
		if _, err := service.AddMOC(ctx, command.AddMOC{Collector: painter, Draft: draft()}); err != nil {
			return err
		}
	}
	token, _, err := auth.NewSigner([]byte(secret), "", "", time.Now).Sign(painter, nil, time.Hour)
	if err != nil {
		return err
	}
	server, err := startServer(ctx, b.url)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.stop()) }()
	floor, err := startEcho()
	if err != nil {
		return err
	}
	defer floor.stop()
	screen, err := openScreen(ctx, dashboardPage(server.url, token), floor.page())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, screen.close()) }()
	return b.paintAtPaces(ctx, &easel{server: server.url, token: token, floor: floor, screen: screen, shown: paintedStart})
}

func (b *bench) paintAtPaces(ctx context.Context, e *easel) error {
	for _, pace := range []struct {
		name    string
		every   time.Duration
		changes int
	}{{"a change each half second", 500 * time.Millisecond, 150}, {"4 changes a second", 250 * time.Millisecond, 300}} {
		b.under("%s", pace.name)
		if _, err := e.paint(ctx, pace.every, 10); err != nil { // warms up
			return err
		}
		painted, err := e.paint(ctx, pace.every, pace.changes)
		if err != nil {
			return err
		}
		b.latency("command", painted.command)
		b.latency("the command's 2xx to the number painted", painted.dashboard, atMost(2000), atMost(100).ours())
		b.latency("floor: a bare WebSocket's message to its number painted", painted.floor)
		b.ratio("p95 / floor", painted.dashboard.milliseconds(0.95)/painted.floor.milliseconds(0.95))
	}
	return nil
}

// easel is what changes the numbers on the screen.
type easel struct {
	server, token string
	floor         *echo
	screen        *screen
	shown         int // on the dashboard, in the end
	sent          int // to the floor's page
}

// painting is how long things took.
type painting struct{ command, dashboard, floor latencies }

// paint makes changes, and waits for each before the next one.
func (e *easel) paint(ctx context.Context, every time.Duration, changes int) (p painting, err error) {
	next := time.Now()
	for range changes {
		next = next.Add(every)
		time.Sleep(time.Until(next.Add(-every/2 + uneven())))
		e.sent++
		began := time.Now()
		if err := e.floor.send(e.sent); err != nil {
			return p, err
		}
		at, err := e.screen.await(ctx, floorPage, e.sent)
		if err != nil {
			return p, err
		}
		p.floor = append(p.floor, at.Sub(began))

		time.Sleep(time.Until(next.Add(uneven())))
		began = time.Now()
		answered, err := e.addMOC(ctx)
		if err != nil {
			return p, err
		}
		e.shown++
		if at, err = e.screen.await(ctx, dashboard, e.shown); err != nil {
			return p, err
		}
		p.command, p.dashboard = append(p.command, answered.Sub(began)), append(p.dashboard, at.Sub(answered))
	}
	return p, nil
}

// uneven is a time of up to a frame and a bit.
func uneven() time.Duration { return rand.N(20 * time.Millisecond) }

// addMOC says when the answer was there.
func (e *easel) addMOC(ctx context.Context) (answered time.Time, err error) {
	body := []byte(`{"title": "A castle with a title of usual length", "theme": "Castle", "parts": {"total": 1000, "owned": 500, "ordered": 0}}`)
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, e.server+"/api/mocs", bytes.NewReader(body))
	if err != nil {
		return answered, err
	}
	request.Header = http.Header{"Authorization": {"Bearer " + e.token}, "Content-Type": {"application/json"}}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return answered, err
	}
	answered = time.Now()
	defer answer.Body.Close()
	_, err = io.Copy(io.Discard, answer.Body) // so that the connection is used again
	if answer.StatusCode != http.StatusCreated {
		return answered, fmt.Errorf("add a MOC: %s", answer.Status)
	}
	return answered, err
}
