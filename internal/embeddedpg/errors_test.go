package embeddedpg

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestStart_Errors(t *testing.T) {
	t.Parallel()
	dir := passable(t)
	cfg := config(t, dir)
	require.NoError(t, start(t, cfg).Close())
	refused := func(t *testing.T, cfg Config) string {
		t.Helper()
		_, err := Start(t.Context(), cfg)
		require.Error(t, err)
		requireStopped(t, dir)
		return err.Error()
	}
	data := homeOf(t, dir).data()
	replace := func(t *testing.T, name, content string) {
		t.Helper()
		path := filepath.Join(data, name)
		before, err := os.ReadFile(path)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
		t.Cleanup(func() { require.NoError(t, os.WriteFile(path, before, 0o600)) })
	}

	t.Run("FolderWithoutPrograms", func(t *testing.T) {
		with := cfg
		with.BinDir = t.TempDir()
		require.Contains(t, refused(t, with), with.BinDir+": stat "+with.BinDir+"/initdb: no such file")
	})
	t.Run("DataOfAnotherVersion", func(t *testing.T) {
		replace(t, "PG_VERSION", "12\n")
		message := refused(t, cfg)
		require.Contains(t, message, "PostgreSQL 12, which made "+data+", was not found")
		require.Contains(t, message, "is PostgreSQL 1")
		require.Contains(t, message, "npm ci")
	})
	t.Run("ServerThatEndsAtOnce", func(t *testing.T) {
		replace(t, "postgresql.auto.conf", "no such setting\n")
		message := refused(t, cfg)
		require.Contains(t, message, "it ended: exit status 1")
		require.Contains(t, message, "syntax error in file")
	})
	t.Run("WrongPasswordOfRunningServer", func(t *testing.T) {
		start(t, cfg)
		path := homeOf(t, dir).passwordFile()
		right, err := os.ReadFile(path)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(path, []byte("wrong"), 0o600))
		_, err = Start(t.Context(), cfg)
		require.ErrorContains(t, err, "password authentication failed")
		require.NoError(t, os.WriteFile(path, right, 0o600))
	})
	require.Equal(t, 1, query[int](t, start(t, cfg), "SELECT 1"))
}

func TestStart_Cancelled(t *testing.T) {
	t.Parallel()
	dir := passable(t)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		_, err := Start(ctx, config(t, dir))
		done <- err
	}()
	eventually(t, func() bool { return exists(filepath.Join(dir, homeName, "data.new", "base")) })
	cancel()
	require.Error(t, <-done)
	eventually(t, func() bool {
		f, err := openFolder(Config{DataDir: dir})
		require.NoError(t, err)
		alive, err := f.seize()
		require.NoError(t, err)
		return alive != nil && alive.Close() == nil
	})
}

func TestStart_FolderOfAnotherUser(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(passable(t), "data")
	require.NoError(t, os.Mkdir(dir, 0o755))
	closed := filepath.Join(dir, "postgres.gate")
	require.NoError(t, os.WriteFile(closed, nil, 0o000))
	other := startHolder(t, copyOfSelf(t), dir, t.TempDir(), asOrdinaryUser(t))
	require.Error(t, other.cmd.Wait())
	require.Contains(t, other.errors.String(), "belongs to another user")
}
