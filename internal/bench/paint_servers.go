package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"syscall"
	"time"

	"github.com/gorilla/websocket"
)

// shipped is the program that is shipped, serving.
type shipped struct {
	cmd *exec.Cmd
	url string
}

func startServer(ctx context.Context, database string) (*shipped, error) {
	s := &shipped{cmd: exec.CommandContext(ctx, "bin/brickboard", "serve", "--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0",
		"--database-url", database, "--jwt-secret", secret, "--log-format", "json")}
	s.cmd.Cancel = func() error { return s.cmd.Process.Signal(syscall.SIGTERM) }
	s.cmd.WaitDelay = time.Minute
	logs, err := s.cmd.StderrPipe()
	if err != nil {
		return nil, err
	}
	if err := s.cmd.Start(); err != nil {
		return nil, fmt.Errorf("%w: run `make build` first", err)
	}
	lines := bufio.NewScanner(logs)
	for s.url == "" {
		var entry struct{ Msg, Addr string }
		if !lines.Scan() {
			return nil, errors.Join(errors.New("the server did not listen"), s.cmd.Wait())
		}
		if err := json.Unmarshal(lines.Bytes(), &entry); err == nil && entry.Msg == "listening" {
			s.url = "http://" + entry.Addr
		}
	}
	go complain(lines)
	return s, nil
}

// complain shows what a server does not like.
func complain(lines *bufio.Scanner) {
	for lines.Scan() {
		if !bytes.Contains(lines.Bytes(), []byte(`"level":"INFO"`)) {
			fmt.Fprintln(os.Stderr, lines.Text())
		}
	}
}

func (s *shipped) stop() error {
	if err := s.cmd.Cancel(); err != nil {
		return err
	}
	return s.cmd.Wait()
}

// echo serves a page that shows each number that a WebSocket brings, and does nothing else.
type echo struct {
	url  string
	stop func()
	conn chan *websocket.Conn
	open *websocket.Conn
}

const echoPage = `<!doctype html><title>Floor</title><p id="number">0</p>
<script>new WebSocket('ws://' + location.host + '/socket').onmessage = ({ data }) => { document.getElementById('number').textContent = data }</script>`

func startEcho() (*echo, error) {
	e := &echo{conn: make(chan *websocket.Conn, 1)}
	mux := http.NewServeMux()
	mux.HandleFunc("/{$}", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = io.WriteString(w, echoPage)
	})
	mux.HandleFunc("/socket", func(w http.ResponseWriter, r *http.Request) {
		if conn, err := new(websocket.Upgrader).Upgrade(w, r, nil); err == nil {
			e.conn <- conn
		}
	})
	addr, stop, err := serveLocally(mux)
	e.url, e.stop = "http://"+addr+"/", stop
	return e, err
}

func (e *echo) page() page { return page{Name: floorPage, URL: e.url, Selector: "#number"} }

func (e *echo) send(number int) error {
	if e.open == nil {
		e.open = <-e.conn
	}
	return e.open.WriteMessage(websocket.TextMessage, []byte(strconv.Itoa(number)))
}
