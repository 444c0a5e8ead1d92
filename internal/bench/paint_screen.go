package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"time"
)

// The names of pages.
const (
	dashboard = "dashboard"
	floorPage = "floor"
)

// page is what a browser opens: a number that changes is where the selector says, once the text is there.
type page struct {
	Name     string `json:"name"`
	URL      string `json:"url"`
	Session  string `json:"session,omitempty"` // token to sign in with
	Selector string `json:"selector"`
	Text     string `json:"text,omitempty"`
}

func dashboardPage(server, token string) page {
	return page{Name: dashboard, URL: server + "/dashboard", Session: token, Selector: "[data-testid=total-mocs-count]", Text: "Live"}
}

// painted is a line that the browser's program says.
type painted struct {
	Ready  bool
	Page   string
	Number int
	At     float64 // milliseconds since 1970, by the same clock as this program's
}

// screen is a browser with pages open.
type screen struct {
	cmd   *exec.Cmd
	stdin io.Closer
	lines chan painted
}

// openScreen comes back when all pages show their number.
func openScreen(ctx context.Context, pages ...page) (*screen, error) {
	arguments, err := json.Marshal(struct {
		ExecutablePath string `json:"executablePath,omitempty"`
		Pages          []page `json:"pages"`
	}{browserPath(), pages})
	if err != nil {
		return nil, err
	}
	s := &screen{cmd: exec.CommandContext(ctx, "node", "internal/bench/browser.mjs", string(arguments)), lines: make(chan painted, 100)}
	s.cmd.Stderr = os.Stderr
	if s.stdin, err = s.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	stdout, err := s.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	go s.read(stdout)
	_, err = s.next(ctx, time.Minute, func(p painted) bool { return p.Ready })
	return s, err
}

// browserPath is an installed Chromium or Chrome; none: Playwright's own.
func browserPath() string {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

func (s *screen) read(stdout io.Reader) {
	defer close(s.lines)
	for lines := bufio.NewScanner(stdout); lines.Scan(); {
		var p painted
		if err := json.Unmarshal(lines.Bytes(), &p); err == nil {
			s.lines <- p
		}
	}
}

// await says when the number, or a higher one, was painted. It takes what was painted before.
func (s *screen) await(ctx context.Context, page string, number int) (time.Time, error) {
	p, err := s.next(ctx, 10*time.Second, func(p painted) bool { return p.Page == page && p.Number >= number })
	if err != nil {
		return time.Time{}, fmt.Errorf("the number %d on the page %s: %w", number, page, err)
	}
	return time.UnixMicro(int64(p.At * 1000)), nil
}

func (s *screen) next(ctx context.Context, patience time.Duration, wanted func(painted) bool) (painted, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		select {
		case p, ok := <-s.lines:
			if !ok {
				return painted{}, fmt.Errorf("the browser has ended")
			}
			if wanted(p) {
				return p, nil
			}
		case <-ctx.Done():
			return painted{}, ctx.Err()
		}
	}
}

func (s *screen) close() error {
	_ = s.stdin.Close()
	return s.cmd.Wait()
}
