package live

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/brickboard/brickboard/domain"
)

// snippet is the program in the README that contains the word.
func snippet(t testing.TB, word string) string {
	t.Helper()
	readme, err := os.ReadFile("../../README.md")
	require.NoError(t, err)
	for _, block := range regexp.MustCompile("(?s)```js\n(.*?)```").FindAllStringSubmatch(string(readme), -1) {
		if strings.Contains(block[1], word) {
			return block[1]
		}
	}
	t.Fatal("the README has no program with " + word)
	return ""
}

// running has Node run the program, and returns the lines that it prints.
func running(t testing.TB, program string) <-chan string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "node", "--experimental-websocket", "--no-warnings", "--input-type=module", "-")
	cmd.Stdin, cmd.Stderr = strings.NewReader(program), os.Stderr
	stdout, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start(), "the test needs Node, and the packages of package.json: npm ci")
	lines := make(chan string, 100)
	go func() {
		for scanner := bufio.NewScanner(stdout); scanner.Scan(); {
			lines <- scanner.Text()
		}
		_ = cmd.Wait() // the test's end kills it
		close(lines)
	}()
	return lines
}

// requireLine waits for a line that begins so.
func requireLine(t testing.TB, lines <-chan string, beginning string) {
	t.Helper()
	deadline := time.After(patience)
	for {
		select {
		case line, more := <-lines:
			if strings.HasPrefix(line, beginning) {
				return
			}
			require.True(t, more, "the program ended without: %s", beginning)
		case <-deadline:
			t.Fatal("the program does not print: " + beginning)
		}
	}
}

// The programs in the README do what it says.
func TestReadme_Clients(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	s := h.serve(t)
	for name, c := range map[string]struct {
		word, given string
		refused     string // is printed
	}{
		"SocketIO": {"socket.io-client", "const freshToken = () => %q, since = %q, fetchDashboard = () => console.log('fetch')", "AUTH_FAILED"},
		"Plain":    {"new WebSocket", "const token = %q, etag = %q", "4401"},
	} {
		start := func(t testing.TB, token, since string) <-chan string {
			return running(t, fmt.Sprintf(c.given, token, since)+"\n"+
				strings.ReplaceAll(snippet(t, c.word), "127.0.0.1:8080", s.Listener.Addr().String()))
		}
		t.Run(name+"/IsTold", func(t *testing.T) {
			t.Parallel()
			collector := domain.CollectorID(name)
			h.add(t, collector, "Keep", 5)
			lines := start(t, h.token(t, collector), h.settled(t, collector).String())
			s.atRest(t, collector, 1)
			h.add(t, collector, "Tower", 5)
			if name == "SocketIO" {
				requireLine(t, lines, "fetch")
			}
			requireLine(t, lines, "dashboard:summaryUpdated 2 {")
			requireLine(t, lines, "dashboard:recentMocAdded 2 {")
		})
		t.Run(name+"/IsRefused", func(t *testing.T) {
			t.Parallel()
			requireLine(t, start(t, "wrong", ""), c.refused)
		})
	}
}
