package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/brickboard/brickboard/internal/testsupport"
)

const patience = 30 * time.Second

// asProgram in the environment makes the test binary the program, so that tests can start it, and kill it, as a
// process.
const asProgram = "BRICKBOARD_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
	}
	testsupport.Main(m)
}

// process is the program at work.
type process struct {
	cmd   *exec.Cmd
	addr  string // of pages and API
	admin string
	ended chan struct{}
	log   *logBuffer
}

func programWith(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(os.Args[0], args...)
	cmd.Env = append(os.Environ(), asProgram+"=1", "GORACE=atexit_sleep_ms=0") // the detector's default is a second
	return cmd
}

// startServer starts a server on free ports and waits until it listens. It is ended with the test.
func startServer(t *testing.T, args ...string) *process {
	t.Helper()
	args = append([]string{"serve", "--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0", "--log-format", "json", "--jwt-secret", secretForTests}, args...)
	p := &process{cmd: programWith(t, args...), ended: make(chan struct{}), log: &logBuffer{}}
	out, err := p.cmd.StderrPipe()
	require.NoError(t, err)
	require.NoError(t, p.cmd.Start())
	listening := make(chan struct{})
	go p.read(out, listening, slices.Contains(args, "--no-http"))
	t.Cleanup(func() {
		_ = p.cmd.Process.Signal(os.Interrupt)
		p.wait(t)
		if strings.Contains(p.log.String(), "WARNING: DATA RACE") {
			t.Error("a data race in the server")
		}
		if t.Failed() {
			t.Log(p.log.String())
		}
	})
	select {
	case <-listening:
	case <-p.ended:
		t.Fatal("the server ended: ", p.log.String())
	case <-time.After(patience):
		t.Fatal("the server does not listen: ", p.log.String())
	}
	return p
}

// read keeps the log and closes listening once both addresses are known, or that of the only one.
func (p *process) read(out io.Reader, listening chan struct{}, adminOnly bool) {
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		p.log.add(lines.Bytes())
		var line struct{ Msg, Addr string }
		if json.Unmarshal(lines.Bytes(), &line) != nil {
			continue
		}
		switch line.Msg {
		case "listening for admin":
			p.admin = line.Addr
		case "listening":
			p.addr = line.Addr
		default:
			continue
		}
		if p.admin != "" && (p.addr != "" || adminOnly) {
			close(listening)
		}
	}
	_ = p.cmd.Wait()
	close(p.ended)
}

func (p *process) wait(t *testing.T) {
	t.Helper()
	select {
	case <-p.ended:
	case <-time.After(patience):
		_ = p.cmd.Process.Kill()
		t.Fatal("the server does not end: ", p.log.String())
	}
}

func (p *process) kill(t *testing.T) {
	t.Helper()
	require.NoError(t, p.cmd.Process.Kill())
	p.wait(t)
}

type logBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logBuffer) add(line []byte) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.b.Write(append(line, '\n'))
}

func (l *logBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// runOnce runs a command to its end and returns what it printed and its exit status.
func runOnce(t *testing.T, args ...string) (stdout, stderr string, status int) {
	t.Helper()
	cmd := programWith(t, args...)
	var out, failures strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &failures
	_ = cmd.Run()
	return out.String(), failures.String(), cmd.ProcessState.ExitCode()
}

const secretForTests = "a secret that is only good for tests"

// client speaks to a server as one collector.
type client struct {
	t     require.TestingT
	base  string
	token string         // "": none is sent
	jar   http.CookieJar // nil: cookies are not kept
}

// as signs in a collector; flags are the token command's own.
func (p *process) as(t *testing.T, collector string, flags ...string) client {
	t.Helper()
	token, failures, status := runOnce(t, append([]string{"token", "--user", collector, "--jwt-secret", secretForTests}, flags...)...)
	require.Zero(t, status, failures)
	return client{t: t, base: "http://" + p.addr, token: strings.TrimSpace(token)}
}

// answer is what came back; with a status of 0 the connection was lost.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// do sends a request and decodes the answer's JSON into out, which may be nil. A status of 0 is a lost connection.
func (c client) do(method, path string, body, out any) int {
	a := c.send(method, path, body)
	if out != nil && len(a.body) > 0 {
		require.NoError(c.t, json.Unmarshal(a.body, out), string(a.body))
	}
	return a.status
}

// send sends a request. The body is nil, or text as it stands, or what is sent as JSON; headers come in pairs.
func (c client) send(method, path string, body any, headers ...string) (a answer) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	res, err := (&http.Client{Jar: c.jar}).Do(c.request(ctx, method, path, body, headers...))
	if err != nil {
		return answer{}
	}
	defer res.Body.Close()
	content, err := io.ReadAll(res.Body)
	if err != nil {
		return answer{}
	}
	return answer{status: res.StatusCode, header: res.Header, body: content}
}

func (c client) request(ctx context.Context, method, path string, body any, headers ...string) *http.Request {
	content, ok := body.(string)
	if !ok && body != nil {
		encoded, err := json.Marshal(body)
		require.NoError(c.t, err)
		content = string(encoded)
	}
	req, err := http.NewRequestWithContext(ctx, method, c.base+path, strings.NewReader(content))
	require.NoError(c.t, err)
	if c.token != "" {
		req.Header.Set("Authorization", "Bearer "+c.token)
	}
	req.Header.Set("Content-Type", "application/json")
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	return req
}

type dashboard struct {
	Summary struct {
		TotalMocs, TotalWishlistItems           int
		MocsByBuildStatus, MocsByCoverageStatus map[string]int
	}
	ThemeBreakdown []struct {
		Theme              string
		MocCount, SetCount int
	}
	RecentMocs       []struct{ ID, Title, BuildStatus string }
	PartialPartsMocs []struct {
		Title              string
		CoveragePercentage int
	}
}

// eventually waits for the dashboard to be as check wants it.
func (c client) eventually(t *testing.T, check func(d dashboard) bool) (d dashboard) {
	t.Helper()
	require.Eventually(t, func() bool {
		d = dashboard{}
		return c.do("GET", "/api/dashboard", nil, &d) == http.StatusOK && check(d)
	}, patience, 10*time.Millisecond)
	return d
}

// dataDir is a folder that PostgreSQL's user can reach too: so its files are in it, and go with it.
func dataDir(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, os.Chmod(filepath.Dir(dir), 0o711))
	return filepath.Join(dir, "data")
}
