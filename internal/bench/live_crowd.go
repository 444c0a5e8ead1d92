package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"
	"golang.org/x/sync/errgroup"

	"github.com/brickboard/brickboard/transport/auth"
	"github.com/brickboard/brickboard/transport/live"
)

// crowdSize is how many dashboards are open, each of a collector of its own.
const crowdSize = 10_000

// crowd is a server in a process of its own, with clients.
type crowd struct {
	kind  string
	cmd   *exec.Cmd
	stdin io.WriteCloser
	addr  string
	conns []*websocket.Conn

	mu   sync.Mutex
	sent map[int]time.Time // what a client waits for
	late latencies
	left int
	done chan struct{}
}

// liveCrowd measures memory per idle session, and the time from the word that a collector changed to the envelope at
// its dashboard, 2,000 a second while 10,000 are open: of the hub, of a bare gorilla/websocket server, and of the
// official server, in turns.
func liveCrowd(ctx context.Context, b *bench) error {
	memory, p99 := map[string][]float64{}, map[string][]float64{}
	for range b.turns {
		for _, kind := range []string{"bare", "hub", "hub, Socket.IO", "official, Socket.IO"} {
			size, late, err := crowdTurn(ctx, kind)
			if err != nil {
				return fmt.Errorf("%s: %w", kind, err)
			}
			memory[kind], p99[kind] = append(memory[kind], size), append(p99[kind], late.percentile(0.99).Seconds())
			b.figure(kind+", memory", size, "KiB a session")
			b.latency(kind, late)
		}
	}
	b.ratio("memory, hub / bare", ratios(memory["hub"], memory["bare"]), atMost(1.15))
	b.ratio("p99, hub / bare", ratios(p99["hub"], p99["bare"]), atMost(2))
	b.ratio("p99, hub / official, Socket.IO", ratios(p99["hub, Socket.IO"], p99["official, Socket.IO"]), atMost(1))
	return nil
}

func crowdTurn(ctx context.Context, kind string) (memory float64, late latencies, err error) {
	c, err := gather(ctx, kind)
	if err != nil {
		return 0, nil, err
	}
	defer c.leave()
	if memory, err = c.memory(); err != nil {
		return 0, nil, err
	}
	late, err = c.tell(2000)
	return memory, late, err
}

// gather starts the server, and connects the clients.
func gather(ctx context.Context, kind string) (*crowd, error) {
	own, err := os.Executable()
	if err != nil {
		return nil, err
	}
	c := &crowd{kind: kind, sent: map[int]time.Time{}, conns: make([]*websocket.Conn, crowdSize)}
	if c.cmd = exec.CommandContext(ctx, own, "-serve", kind); strings.HasPrefix(kind, "official") {
		c.cmd = exec.CommandContext(ctx, "node", "internal/bench/official.mjs")
	}
	c.cmd.Stderr = os.Stderr
	if c.stdin, err = c.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	stdout, err := c.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := c.cmd.Start(); err != nil {
		return nil, err
	}
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		return nil, err
	}
	c.addr = strings.TrimSpace(line)
	began, err := c.resident()
	if err != nil {
		return nil, err
	}
	if err := c.connect(ctx); err != nil {
		return nil, err
	}
	c.left = began
	return c, nil
}

func (c *crowd) connect(ctx context.Context) error {
	signer := auth.NewSigner([]byte(secret), "", "", nil)
	connecting, _ := errgroup.WithContext(ctx)
	connecting.SetLimit(clients)
	for n := range c.conns {
		connecting.Go(func() error {
			token, _, err := signer.Sign(dashboardOf(n), nil, time.Hour)
			if err != nil {
				return err
			}
			if c.conns[n], err = c.dial(n, token); err == nil {
				go c.read(n)
			}
			return err
		})
	}
	return connecting.Wait()
}

func (c *crowd) dial(n int, token string) (*websocket.Conn, error) {
	dialer := websocket.Dialer{ReadBufferSize: 1024, WriteBufferSize: 256, NetDial: net.Dial}
	if !speaksSocketIO(c.kind) {
		conn, _, err := dialer.Dial("ws://"+c.addr+live.PlainPath, http.Header{"Authorization": {"Bearer " + token}})
		return conn, err
	}
	conn, _, err := dialer.Dial("ws://"+c.addr+live.SocketIOPath+"?EIO=4&transport=websocket", nil)
	if err != nil {
		return nil, err
	}
	if _, _, err := conn.ReadMessage(); err != nil {
		return nil, err
	}
	connect := fmt.Sprintf(`40/dashboard,{"token":%q,"user":%q}`, token, dashboardOf(n))
	if err := conn.WriteMessage(websocket.TextMessage, []byte(connect)); err != nil {
		return nil, err
	}
	_, _, err = conn.ReadMessage()
	return conn, err
}

func (c *crowd) read(n int) {
	for {
		_, text, err := c.conns[n].ReadMessage()
		if err != nil {
			return
		}
		if string(text) == "2" {
			_ = c.conns[n].WriteMessage(websocket.TextMessage, []byte("3"))
			continue
		}
		now := time.Now()
		c.mu.Lock()
		if at, ok := c.sent[n]; ok {
			delete(c.sent, n)
			c.late = append(c.late, now.Sub(at))
			if len(c.sent) == 0 && c.done != nil {
				close(c.done)
				c.done = nil
			}
		}
		c.mu.Unlock()
	}
}

// memory is that of one idle session, in KiB.
func (c *crowd) memory() (float64, error) {
	time.Sleep(3 * time.Second) // for collectors of garbage
	now, err := c.resident()
	return float64(now-c.left) / crowdSize, err
}

// resident is the process's memory in KiB.
func (c *crowd) resident() (int, error) {
	out, err := exec.Command("ps", "-o", "rss=", "-p", strconv.Itoa(c.cmd.Process.Pid)).Output()
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(strings.TrimSpace(string(out)))
}

// tell says of one collector after the other that it changed, for 15 seconds: in which every session is pinged once.
func (c *crowd) tell(rate int) (latencies, error) {
	done := make(chan struct{})
	tick := time.NewTicker(time.Second / time.Duration(rate))
	defer tick.Stop()
	for n := range 15 * rate {
		<-tick.C
		c.mu.Lock()
		c.sent[n%crowdSize] = time.Now()
		if n == 15*rate-1 {
			c.done = done
		}
		c.mu.Unlock()
		if _, err := fmt.Fprintln(c.stdin, dashboardOf(n%crowdSize), 1+n/crowdSize); err != nil {
			return nil, err
		}
	}
	select {
	case <-done:
	case <-time.After(20 * time.Second):
		return nil, fmt.Errorf("%d of %d did not arrive", len(c.sent), 15*rate)
	}
	return c.late, nil
}

func (c *crowd) leave() {
	_ = c.stdin.Close()
	_ = c.cmd.Wait()
	for _, conn := range c.conns {
		_ = conn.Close()
	}
}
