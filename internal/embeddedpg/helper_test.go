package embeddedpg

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
)

// TestMain turns this program into another user of a data folder when it is called with "hold <data> <binaries>".
func TestMain(m *testing.M) {
	if len(os.Args) == 4 && os.Args[1] == "hold" {
		if err := hold(Config{DataDir: os.Args[2], BinDir: os.Args[3], Volatile: true}); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	syscall.Umask(0o022) // some tests are about what other users can reach
	os.Exit(m.Run())
}

// hold uses a server until its input ends.
func hold(cfg Config) error {
	s, err := Start(context.Background(), cfg)
	if err != nil {
		return err
	}
	fmt.Println("holding")
	_, _ = io.Copy(io.Discard, os.Stdin)
	return s.Close()
}

// holder is another process that uses a data folder.
type holder struct {
	cmd    *exec.Cmd
	input  io.Closer
	output *bufio.Reader
	errors bytes.Buffer // complete when the process has ended
}

func startHolder(t *testing.T, program, dataDir, binDir string, change func(*exec.Cmd)) *holder {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), program, "hold", dataDir, binDir)
	h := &holder{cmd: cmd}
	cmd.Stderr = io.MultiWriter(t.Output(), &h.errors)
	change(cmd)
	input, err := cmd.StdinPipe()
	require.NoError(t, err)
	output, err := cmd.StdoutPipe()
	require.NoError(t, err)
	h.input, h.output = input, bufio.NewReader(output)
	require.NoError(t, cmd.Start())
	return h
}

func (h *holder) awaitHolding(t *testing.T) {
	t.Helper()
	line, err := h.output.ReadString('\n')
	require.NoError(t, err)
	require.Equal(t, "holding\n", line)
}

func (h *holder) leave(t *testing.T) {
	t.Helper()
	require.NoError(t, h.input.Close())
	require.NoError(t, h.cmd.Wait())
}

func (h *holder) kill(t *testing.T) {
	t.Helper()
	require.NoError(t, h.cmd.Process.Kill())
	require.Error(t, h.cmd.Wait())
}

func self(t *testing.T) string {
	t.Helper()
	program, err := os.Executable()
	require.NoError(t, err)
	return program
}

// passable is a folder that every user can reach.
func passable(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, os.Chmod(filepath.Dir(dir), 0o755))
	return dir
}

func config(t *testing.T, dataDir string) Config {
	t.Helper()
	return Config{
		DataDir: dataDir, OutOfReach: filepath.Join(passable(t), "out-of-reach"), Volatile: true,
		Log: slog.New(slog.NewTextHandler(t.Output(), nil)),
	}
}

// start begins a use that is ended with the test, and with it the server.
func start(t *testing.T, cfg Config) *Server {
	t.Helper()
	s, err := Start(t.Context(), cfg)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s
}

func query[T any](t *testing.T, s *Server, sql string) (answer T) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), s.URL())
	require.NoError(t, err)
	defer conn.Close(context.WithoutCancel(t.Context()))
	require.NoError(t, conn.QueryRow(t.Context(), sql).Scan(&answer))
	return answer
}

func execute(t *testing.T, s *Server, sql string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), s.URL())
	require.NoError(t, err)
	defer conn.Close(context.WithoutCancel(t.Context()))
	_, err = conn.Exec(t.Context(), sql)
	require.NoError(t, err)
}

// homeOf is where the server of a data folder has its files.
func homeOf(t *testing.T, dataDir string) home {
	t.Helper()
	f, err := openFolder(Config{DataDir: dataDir})
	require.NoError(t, err)
	n, err := f.readNote()
	require.NoError(t, err)
	h, err := openHome(filepath.Join(n.base(f), homeName))
	require.NoError(t, err)
	return h
}

func serverPID(t *testing.T, dataDir string) int {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(homeOf(t, dataDir).data(), "postmaster.pid"))
	require.NoError(t, err)
	first, _, _ := strings.Cut(string(text), "\n")
	pid, err := strconv.Atoi(first)
	require.NoError(t, err)
	return pid
}

// requireStopped: no process of the server is left.
func requireStopped(t *testing.T, dataDir string) {
	t.Helper()
	f, err := openFolder(Config{DataDir: dataDir})
	require.NoError(t, err)
	alive, err := f.seize()
	require.NoError(t, err)
	require.NotNil(t, alive)
	require.NoError(t, alive.Close())
}

func eventually(t *testing.T, condition func() bool) {
	t.Helper()
	require.Eventually(t, condition, 20*time.Second, 2*time.Millisecond)
}

func gone(pid int) bool { return syscall.Kill(pid, 0) == syscall.ESRCH }
