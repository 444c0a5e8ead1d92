package live

import (
	"bufio"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// officials is a process of Node with official clients.
type officials struct {
	t     testing.TB
	write sync.Mutex
	stdin io.WriteCloser

	mu      sync.Mutex
	clients map[int]*official
}

// official is one official client. What it said is kept.
type official struct {
	all *officials
	id  int

	mu   sync.Mutex
	said []saying
	hear func(saying) // instead of keeping
}

// saying is one line of the process.
type saying struct {
	ID        int             `json:"id"`
	What      string          `json:"what"`
	Recovered bool            `json:"recovered"`
	Transport string          `json:"transport"`
	Message   string          `json:"message"`
	Data      json.RawMessage `json:"data"`
	Active    bool            `json:"active"`
	Reason    string          `json:"reason"`
	Type      string          `json:"type"`
	Envelope  envelope        `json:"envelope"`
	Offset    string          `json:"offset"`
}

func startOfficials(t testing.TB) *officials {
	t.Helper()
	cmd := exec.Command("node", filepath.Join("testdata", "client", "client.mjs"))
	cmd.Stderr = os.Stderr
	stdin, err := cmd.StdinPipe()
	require.NoError(t, err)
	stdout, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start(), "the test needs Node, and the packages of package.json: npm ci")
	o := &officials{t: t, stdin: stdin, clients: make(map[int]*official)}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		o.read(stdout)
	}()
	t.Cleanup(func() {
		_ = stdin.Close()
		<-ended
		if err := cmd.Wait(); err != nil {
			t.Error("official client: ", err)
		}
	})
	return o
}

func (o *officials) read(stdout io.Reader) {
	lines := bufio.NewReader(stdout)
	for {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			return
		}
		var s saying
		if err := json.Unmarshal(line, &s); err != nil {
			o.t.Errorf("official client said %q: %v", line, err)
			return
		}
		o.mu.Lock()
		c := o.clients[s.ID]
		o.mu.Unlock()
		c.take(s)
	}
}

func (o *officials) command(do string, id int, more map[string]any) {
	command := map[string]any{"do": do, "id": id}
	for key, value := range more {
		command[key] = value
	}
	line, err := json.Marshal(command)
	require.NoError(o.t, err)
	o.write.Lock()
	defer o.write.Unlock()
	_, err = o.stdin.Write(append(line, '\n'))
	require.NoError(o.t, err)
}

// connect starts a client; hear, where not nil, is called with all it says.
func (o *officials) connect(url string, auth, options map[string]any, hear func(saying)) *official {
	o.mu.Lock()
	c := &official{all: o, id: len(o.clients), hear: hear}
	o.clients[c.id] = c
	o.mu.Unlock()
	o.command("connect", c.id, map[string]any{"url": url, "auth": auth, "options": options})
	return c
}

func (c *official) take(s saying) {
	if c.hear != nil {
		c.hear(s)
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.said = append(c.said, s)
}

// await waits for the nth saying of a kind, and returns it.
func (c *official) await(what string, nth int) (found saying) {
	c.all.t.Helper()
	require.Eventually(c.all.t, func() bool {
		all := c.kind(what)
		if len(all) < nth {
			return false
		}
		found = all[nth-1]
		return true
	}, patience, tick, "%s, the %dth", what, nth)
	return found
}

func (c *official) kind(what string) (all []saying) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, s := range c.said {
		if s.What == what {
			all = append(all, s)
		}
	}
	return all
}

// types are those of the envelopes that came.
func (c *official) types() (types []string) {
	for _, s := range c.kind("envelope") {
		types = append(types, strings.TrimPrefix(s.Type, "dashboard:"))
	}
	return types
}
