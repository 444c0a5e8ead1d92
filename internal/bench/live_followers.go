package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/gorilla/websocket"
	"golang.org/x/sync/errgroup"

	"github.com/brickboard/brickboard/domain"
	"github.com/brickboard/brickboard/readmodel"
	"github.com/brickboard/brickboard/transport/auth"
	"github.com/brickboard/brickboard/transport/live"
	"github.com/brickboard/brickboard/transport/live/rules"
)

// follower is a plain client that is right, of a kind that never fetches after it was loaded.
type follower struct {
	collector domain.CollectorID
	url       string
	header    http.Header

	mu      sync.Mutex
	conn    *websocket.Conn
	rule    *rules.Follower
	cuts    int
	back    int // times that it came back
	resyncs int // of these, that it was told to fetch
	fetches int // that it would have needed
}

// follow loads the followers and connects them. They come back when they are cut off, until ctx is done.
func follow(ctx context.Context, ended *errgroup.Group, url string, reader *readmodel.Reader) ([]*follower, error) {
	signer := auth.NewSigner([]byte(secret), "", "", nil)
	followers := make([]*follower, followed)
	for n := range followers {
		token, _, err := signer.Sign(followedOf(n), nil, time.Hour)
		if err != nil {
			return nil, err
		}
		f := &follower{collector: followedOf(n), url: url, header: http.Header{"Authorization": {"Bearer " + token}}, rule: rules.NewFollower()}
		state, view, err := reader.View(ctx, f.collector)
		if err != nil {
			return nil, err
		}
		f.rule.Fetch()
		f.rule.Fetched(state, view)
		if err := f.connect(ctx); err != nil {
			return nil, err
		}
		ended.Go(func() error { return f.run(ctx) })
		followers[n] = f
	}
	return followers, nil
}

func (f *follower) connect(ctx context.Context) error {
	f.mu.Lock()
	since := f.rule.Since()
	f.mu.Unlock()
	conn, _, err := websocket.DefaultDialer.DialContext(ctx, f.url+live.PlainPath+"?deltas=1&since="+since, f.header)
	if err != nil {
		return fmt.Errorf("%s comes back: %w", f.collector, err)
	}
	context.AfterFunc(ctx, func() { _ = conn.Close() })
	f.mu.Lock()
	defer f.mu.Unlock()
	f.conn = conn
	return nil
}

// run ends with ctx, or what cannot be.
func (f *follower) run(ctx context.Context) error {
	for ctx.Err() == nil {
		if err := f.read(); err != nil {
			return err
		}
		if err := f.connect(ctx); ctx.Err() != nil {
			break
		} else if err != nil {
			return err
		}
		f.mu.Lock()
		f.back++
		f.mu.Unlock()
	}
	return nil
}

// read takes what comes until the connection is gone. An error is one of what came.
func (f *follower) read() error {
	for {
		_, text, err := f.conn.ReadMessage()
		if err != nil {
			return nil //nolint:nilerr // it was cut
		}
		e, err := decode(text)
		if err != nil {
			return fmt.Errorf("%s: %w", text, err)
		}
		f.mu.Lock()
		f.rule.Receive(e)
		if f.rule.Fetch() {
			f.fetches++
			f.rule.FetchFailed() // so what it misses shows
		}
		if e.Type == readmodel.Resync {
			f.resyncs++
		}
		f.mu.Unlock()
	}
}

func (f *follower) cut() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.cuts++
	_ = f.conn.Close() // without a word
}

// holds says whether the follower is back from every cut, and has the view.
func (f *follower) holds(state readmodel.State, view []byte) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	held, _ := json.Marshal(f.rule.View) // our own types
	return f.back >= f.cuts && f.rule.Told.Epoch == state.Epoch && f.rule.Told.Sections.Newest() == state.Revision && bytes.Equal(held, view)
}

// awaitViews waits until the followers have their collectors' views, and returns how many do not come to have it.
func awaitViews(ctx context.Context, reader *readmodel.Reader, followers []*follower) (missing int, err error) {
	end := time.Now().Add(10 * time.Second)
	for _, f := range followers {
		state, view, err := reader.View(ctx, f.collector)
		if err != nil {
			return 0, err
		}
		encoded, err := json.Marshal(view)
		if err != nil {
			return 0, err
		}
		for !f.holds(state, encoded) && time.Now().Before(end) {
			time.Sleep(time.Millisecond)
		}
		if !f.holds(state, encoded) {
			missing++
		}
	}
	return missing, nil
}
