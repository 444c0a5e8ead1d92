package embeddedpg

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
)

func TestStart_SharedAndStoppedByTheLast(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(passable(t), "it's odd ü")
	cfg := config(t, dir)
	cfg.Volatile = false
	first, second := start(t, cfg), start(t, cfg)
	require.Equal(t, first.URL(), second.URL())
	for _, setting := range []string{"fsync", "full_page_writes", "synchronous_commit"} {
		require.Equal(t, "on", query[string](t, first, "SHOW "+setting), setting)
	}
	require.Equal(t, "ÄÖ", query[string](t, first, "SELECT upper('äö')"))
	require.True(t, query[bool](t, first, "SELECT 'Z' < 'a'"))
	execute(t, first, "CREATE TABLE kept AS SELECT 1 AS n")

	for _, other := range []string{"wrong", ""} {
		config, err := pgx.ParseConfig(first.URL())
		require.NoError(t, err)
		config.Password = other
		_, err = pgx.ConnectConfig(t.Context(), config)
		require.ErrorContains(t, err, "password")
	}

	pid := serverPID(t, dir)
	group, err := syscall.Getpgid(pid)
	require.NoError(t, err)
	require.NotEqual(t, syscall.Getpgrp(), group)
	if os.Geteuid() == 0 {
		require.NotZero(t, homeOf(t, dir).cred.Uid)
	}

	require.NoError(t, first.Close())
	require.NoError(t, first.Close())
	require.Equal(t, 1, query[int](t, second, "SELECT n FROM kept"))
	require.NoError(t, second.Close())
	requireStopped(t, dir)
	eventually(t, func() bool { return gone(pid) })

	again := start(t, cfg)
	require.Equal(t, 1, query[int](t, again, "SELECT n FROM kept"))
}

// What others leave behind, orderly or not, does not hinder the next user. The subtests follow each other in one folder.
func TestStart_After(t *testing.T) {
	t.Parallel()
	dir := passable(t)
	cfg := config(t, dir)
	other := func(t *testing.T) *holder {
		t.Helper()
		h := startHolder(t, self(t), dir, "", func(*exec.Cmd) {})
		h.awaitHolding(t)
		return h
	}

	t.Run("AnotherProcessLeft", func(t *testing.T) {
		first := other(t)
		pid := serverPID(t, dir)
		s := start(t, cfg)
		first.leave(t)
		execute(t, s, "CREATE TABLE kept AS SELECT 1 AS n")
		require.Equal(t, pid, serverPID(t, dir))
		require.NoError(t, s.Close())
		requireStopped(t, dir)
	})
	t.Run("AnotherProcessWasKilled", func(t *testing.T) {
		first := other(t)
		pid := serverPID(t, dir)
		first.kill(t)
		s := start(t, cfg)
		require.Equal(t, pid, serverPID(t, dir))
		require.NoError(t, s.Close())
		requireStopped(t, dir)
	})
	t.Run("ServerWasKilled", func(t *testing.T) {
		first := start(t, cfg)
		execute(t, first, "UPDATE kept SET n = 2")
		require.NoError(t, syscall.Kill(serverPID(t, dir), syscall.SIGKILL))
		second := start(t, cfg)
		require.Equal(t, 2, query[int](t, second, "SELECT n FROM kept"))
		require.NoError(t, second.Close())
		require.Equal(t, 2, query[int](t, first, "SELECT n FROM kept"))
	})
	t.Run("MachineCrashedAndPIDIsAnothers", func(t *testing.T) {
		h := homeOf(t, dir)
		stranger := h.command(t.Context(), "/bin/sleep", "60")
		require.NoError(t, stranger.Start())
		t.Cleanup(func() { require.Error(t, stranger.Wait()) }) // killed with the test's context
		for _, name := range []string{"data/postmaster.pid", ".s.PGSQL.5432.lock"} {
			lines := []string{strconv.Itoa(stranger.Process.Pid), h.data(), "1", "5432", h.path, "", "1 1", "ready", ""}
			require.NoError(t, os.WriteFile(filepath.Join(h.path, name), []byte(strings.Join(lines, "\n")), 0o644))
		}
		require.Equal(t, 2, query[int](t, start(t, cfg), "SELECT n FROM kept"))
		require.False(t, gone(stranger.Process.Pid))
	})
}

func TestStart_AfterInitdbWasKilled(t *testing.T) {
	t.Parallel()
	dir := passable(t)
	other := startHolder(t, self(t), dir, "", func(*exec.Cmd) {})
	half := filepath.Join(dir, homeName, "data.new", "base", "1")
	eventually(t, func() bool { return exists(half) })
	other.kill(t)
	require.NoDirExists(t, filepath.Join(dir, homeName, dataName))
	require.Equal(t, 1, query[int](t, start(t, config(t, dir)), "SELECT 1"))
	require.NoDirExists(t, filepath.Join(dir, homeName, "data.new"))
}

func TestStart_LongPath(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(passable(t), strings.Repeat("long/", 20))
	s := start(t, config(t, dir))
	require.Contains(t, s.URL(), "@127.0.0.1:")
	require.Equal(t, "127.0.0.1/32", query[string](t, s, "SELECT inet_server_addr()::text"))
	joined := start(t, config(t, dir))
	require.Equal(t, s.URL(), joined.URL())
}
