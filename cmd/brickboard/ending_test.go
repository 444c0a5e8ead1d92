package main

import (
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// requireStopped: no process of the folder's PostgreSQL is left. Each of them holds this lock.
func requireStopped(t *testing.T, dir string) {
	t.Helper()
	alive, err := os.Open(filepath.Join(dir, "postgres.alive"))
	require.NoError(t, err)
	defer alive.Close()
	require.NoError(t, syscall.Flock(int(alive.Fd()), syscall.LOCK_EX|syscall.LOCK_NB))
}

// Who reads the output goes before there is any: the command fails, and leaves no PostgreSQL behind.
func TestRun_BrokenPipe(t *testing.T) {
	t.Parallel()
	dir := dataDir(t)
	reader, writer, err := os.Pipe()
	require.NoError(t, err)
	require.NoError(t, reader.Close())
	cmd := programWith(t, "migrate", "status", "--data-dir", dir)
	cmd.Stdout = writer
	err = cmd.Run()
	require.NoError(t, writer.Close())
	require.Error(t, err)
	require.Equal(t, 1, cmd.ProcessState.ExitCode())
	requireStopped(t, dir)
}

// A terminal that closes ends the server in order, also when it tells so twice.
func TestServe_TerminalCloses(t *testing.T) {
	t.Parallel()
	told := make(chan os.Signal, 1)
	signal.Notify(told, syscall.SIGHUP) // what runs the tests may ignore it, which the server would take on
	defer signal.Stop(told)
	dir := dataDir(t)
	p := startServer(t, "--data-dir", dir)
	require.NoError(t, p.cmd.Process.Signal(syscall.SIGHUP))
	require.Eventually(t, func() bool {
		conn, err := net.Dial("tcp", p.addr)
		if err == nil {
			_ = conn.Close()
		}
		return err != nil
	}, patience, time.Millisecond, "it stops")
	_ = p.cmd.Process.Signal(syscall.SIGHUP) // fails where it has ended already
	p.wait(t)
	require.Zero(t, p.cmd.ProcessState.ExitCode(), p.log.String())
	requireStopped(t, dir)
}
