package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// clients is how many connections, and goroutines, a load has.
const clients = 8

// perSecond runs work in all clients for that long and returns how often it was done a second.
func perSecond(ctx context.Context, took time.Duration, work func(ctx context.Context, client int) error) (float64, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var (
		done    atomic.Int64
		running sync.WaitGroup
	)
	began := time.Now()
	for client := range clients {
		running.Go(func() {
			for time.Since(began) < took && ctx.Err() == nil {
				if err := work(ctx, client); err != nil {
					cancel(err)
					return
				}
				done.Add(1)
			}
		})
	}
	running.Wait()
	return float64(done.Load()) / time.Since(began).Seconds(), context.Cause(ctx)
}

// contender is one way to do the same work.
type contender struct {
	name string
	work func(ctx context.Context, client int) error
}

// compete measures the contenders in turns and returns each one's rates.
func (b *bench) compete(ctx context.Context, contenders ...contender) ([][]float64, error) {
	rates := make([][]float64, len(contenders))
	for turn := range b.turns + 1 {
		for i, c := range contenders {
			rate, err := perSecond(ctx, b.took, c.work)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", c.name, err)
			}
			if turn > 0 { // the first one warms up
				rates[i] = append(rates[i], rate)
			}
		}
	}
	for i, c := range contenders {
		b.figure(c.name, median(rates[i]), "/s")
	}
	return rates, nil
}

// wire is a client of HTTP/1.1 that costs as little as a client can: one connection, one request made once, answers
// read and forgotten.
type wire struct {
	conn    net.Conn
	reader  *bufio.Reader
	request []byte
	status  string
}

// newWires gives each client a connection and the same GET request, and expects that status.
func newWires(addr, path string, status int, headers ...string) ([]*wire, error) {
	wires := make([]*wire, clients)
	for i := range wires {
		conn, err := net.Dial("tcp", addr)
		if err != nil {
			return nil, err
		}
		request := fmt.Sprintf("GET %s HTTP/1.1\r\nHost: %s\r\n%s\r\n\r\n", path, addr, strings.Join(headers, "\r\n"))
		wires[i] = &wire{conn: conn, reader: bufio.NewReaderSize(conn, 64<<10), request: []byte(request), status: strconv.Itoa(status)}
	}
	return wires, nil
}

func (w *wire) get() error {
	if _, err := w.conn.Write(w.request); err != nil {
		return err
	}
	length := 0
	for first := true; ; first = false {
		line, err := w.reader.ReadSlice('\n')
		if err != nil {
			return err
		}
		if first && string(line[9:12]) != w.status {
			return fmt.Errorf("answer %q", line)
		}
		if len(line) == 2 {
			break
		}
		if value, ok := strings.CutPrefix(string(line), "Content-Length: "); ok {
			if length, err = strconv.Atoi(strings.TrimSpace(value)); err != nil {
				return err
			}
		}
	}
	_, err := w.reader.Discard(length)
	return err
}

// over is the work of getting from wires.
func over(wires []*wire) func(context.Context, int) error {
	return func(_ context.Context, client int) error { return wires[client].get() }
}

// serveLocally serves the handler on a free port until stop.
func serveLocally(handler http.Handler) (addr string, stop func(), err error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: time.Minute}
	go func() {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			panic(err)
		}
	}()
	return listener.Addr().String(), func() { _ = server.Close() }, nil
}
