package embeddedpg

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

const (
	logLimit   = 1 << 20 // bytes of log at which a start begins a new one; the old one is kept
	logTail    = 2 << 10 // bytes of log that an error shows
	portTries  = 3       // a free port may be taken before the server has it
	socketPort = 5432    // names the socket, nothing more
)

// serve starts the server of a complete cluster and answers its URL when it is ready.
func (f folder) serve(ctx context.Context, cfg Config, n note, h home, bin binaries, alive *os.File) (string, error) {
	began := time.Now()
	for try := 1; ; try++ {
		var err error
		if n.Port, err = h.choosePort(); err != nil {
			return "", err
		}
		if err := errors.Join(h.removeStale(), f.writeNote(n)); err != nil {
			return "", err
		}
		url, err := h.url(n.Port)
		if err != nil {
			return "", err
		}
		err = f.launch(ctx, h.command(context.WithoutCancel(ctx), bin.program("postgres"), h.settings(cfg, n.Port, bin)...), alive, url)
		if err == nil {
			f.log.Info("embedded postgresql started", "path", h.path, "programs", bin.dir, "version", bin.major,
				"port", n.Port, "ms", time.Since(began).Milliseconds())
			return url, nil
		}
		if n.Port == 0 || try == portTries || ctx.Err() != nil {
			return "", err
		}
	}
}

// choosePort is 0 where a socket serves, else a free port of the loopback.
func (h home) choosePort() (int, error) {
	if h.socketFits() {
		return 0, nil
	}
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return 0, fmt.Errorf("find a free port for PostgreSQL: %w", err)
	}
	return listener.Addr().(*net.TCPAddr).Port, listener.Close()
}

// socketFits: the kernel bounds the path of a socket (107 bytes on Linux), and pgx takes a comma for a list of hosts.
func (h home) socketFits() bool {
	path := fmt.Sprintf("%s/.s.PGSQL.%d", h.path, socketPort)
	return len(path) < len(syscall.RawSockaddrUnix{}.Path) && !strings.Contains(path, ",")
}

// removeStale removes the files that hold the pid of a server that is gone, for the number may be another process's now.
func (h home) removeStale() error {
	socket := fmt.Sprintf(".s.PGSQL.%d", socketPort)
	for _, name := range []string{dataName + "/postmaster.pid", socket + ".lock", socket} {
		if err := os.RemoveAll(filepath.Join(h.path, name)); err != nil {
			return err
		}
	}
	return nil
}

// launch starts the server and waits until its database answers. Where it does not, the server is ended again.
func (f folder) launch(ctx context.Context, cmd *exec.Cmd, alive *os.File, url string) error {
	log, err := f.openLog()
	if err != nil {
		return err
	}
	defer log.Close() // the server has its own
	begin, err := log.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	cmd.Stdout, cmd.Stderr, cmd.ExtraFiles = log, log, []*os.File{alive}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start postgres: %w", err)
	}
	exited := make(chan error, 1)
	go func() { exited <- cmd.Wait() }()
	if err := await(ctx, url, exited); err != nil {
		end(cmd, exited)
		return fmt.Errorf("start postgres: %w%s", err, tail(log, begin))
	}
	return nil
}

// end stops a server that did not come up, without ceremony: it acknowledged nothing to anybody.
func end(cmd *exec.Cmd, exited <-chan error) {
	if cmd.Process.Signal(syscall.SIGQUIT) == nil {
		<-exited
	}
}

func (f folder) openLog() (*os.File, error) {
	if info, err := os.Lstat(f.file("log")); err == nil && info.Size() > logLimit {
		if err := os.Rename(f.file("log"), f.file("log.old")); err != nil {
			return nil, err
		}
	}
	return f.open("log", os.O_RDWR|os.O_APPEND)
}

// tail is the end of what was logged since begin, on lines of its own.
func tail(log *os.File, begin int64) string {
	text, err := io.ReadAll(io.NewSectionReader(log, begin, logLimit))
	if err != nil || len(text) == 0 {
		return ""
	}
	return "\n" + strings.TrimSpace(string(text[max(0, len(text)-logTail):]))
}
