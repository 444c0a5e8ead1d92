package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/brickboard/brickboard/domain"
	"github.com/brickboard/brickboard/internal/messaging"
	"github.com/brickboard/brickboard/readmodel"
	"github.com/brickboard/brickboard/transport/auth"
	"github.com/brickboard/brickboard/transport/live"
)

// serveAs is a process of its own, so that its memory can be measured: a server of sockets that prints its address, and
// is told on standard input, a line each, that a collector has come to a revision. What changed is at hand, for all
// kinds alike: the time to read it is measured elsewhere. It ends with its input.
func serveAs(ctx context.Context, kind string) error {
	log := slog.New(slog.DiscardHandler)
	verifier, err := auth.NewVerifier(ctx, auth.Config{Secret: []byte(secret)}, log)
	if err != nil {
		return err
	}
	views := &views{}
	handler, told := barest(views, verifier)
	if kind != "bare" {
		origins, err := auth.NewOrigins(nil)
		if err != nil {
			return err
		}
		hub := live.NewHub(live.Config{}, live.Deps{
			Dashboards: views, Verifier: verifier, Origins: origins, Metrics: prometheus.NewRegistry(), Log: log, Now: time.Now,
		})
		handler, told = hub, func(collector string, revision int64) {
			hub.Heard([]messaging.Announcement{{At: time.Now(), Revisions: []messaging.Revision{{Collector: collector, Revision: revision}}}})
		}
	}
	addr, stop, err := serveLocally(handler)
	if err != nil {
		return err
	}
	defer stop()
	fmt.Println(addr)
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		collector, revision := "", int64(0)
		if _, err := fmt.Sscan(lines.Text(), &collector, &revision); err != nil {
			return err
		}
		views.revisions.Store(collector, revision)
		told(collector, revision)
	}
	return nil
}

// views are dashboards of which the summary changes with every revision.
type views struct{ revisions sync.Map }

func (v *views) State(_ context.Context, collector domain.CollectorID) (readmodel.State, error) {
	revision, _ := v.revisions.Load(string(collector))
	known, _ := revision.(int64) // 0 before the first change
	return readmodel.State{Epoch: "an-epoch-of-some-length", Revision: known}, nil
}

func (v *views) States(context.Context, []domain.CollectorID) (map[domain.CollectorID]readmodel.State, error) {
	return nil, nil
}

func (v *views) Changes(ctx context.Context, collector domain.CollectorID, since readmodel.Told, _ readmodel.Audience) (*readmodel.Changes, error) {
	state, _ := v.State(ctx, collector)
	return &readmodel.Changes{
		State: state, Sections: readmodel.Revisions{state.Revision}, Before: since, Summary: &readmodel.DashboardSummary{TotalMOCs: state.Revision},
	}, nil
}

// barest is a gorilla/websocket server that does the same in the plainest way: a goroutine that reads, one that writes
// from a queue and pings, and an index by collector.
func barest(views *views, verifier *auth.Verifier) (handler http.Handler, told func(string, int64)) {
	var mu sync.Mutex
	queues := map[string]chan []byte{}
	upgrader := websocket.Upgrader{ReadBufferSize: 1024, WriteBufferSize: 1024}
	handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		who, _, err := verifier.Authenticate(r)
		if err != nil {
			http.Error(w, "", http.StatusUnauthorized)
			return
		}
		conn, err := upgrader.Upgrade(w, r, nil)
		if err != nil {
			return
		}
		queue := make(chan []byte, 32)
		mu.Lock()
		queues[string(who.Collector)] = queue
		mu.Unlock()
		go writeFrom(conn, queue)
		for err == nil {
			_, _, err = conn.ReadMessage()
		}
	})
	return handler, func(collector string, _ int64) {
		mu.Lock()
		queue := queues[collector]
		mu.Unlock()
		state, _ := views.State(context.Background(), domain.CollectorID(collector))
		before := readmodel.ToldAt(readmodel.State{Epoch: state.Epoch, Revision: state.Revision - 1})
		changes, _ := views.Changes(context.Background(), domain.CollectorID(collector), before, readmodel.Following)
		for _, e := range changes.Tell(time.Now()).To(readmodel.Following, before) {
			text, _ := json.Marshal(e) // our own types
			queue <- text
		}
	}
}

func writeFrom(conn *websocket.Conn, queue <-chan []byte) {
	ping := time.NewTicker(15 * time.Second)
	defer ping.Stop()
	for {
		var err error
		select {
		case text := <-queue:
			err = conn.WriteMessage(websocket.TextMessage, text)
		case <-ping.C:
			err = conn.WriteMessage(websocket.PingMessage, nil)
		}
		if err != nil {
			return
		}
	}
}

// speaksSocketIO says whether a kind of server does.
func speaksSocketIO(kind string) bool { return strings.Contains(kind, "Socket.IO") }
