package main

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/brickboard/brickboard/internal/testsupport"
)

// keptSecret is a data folder in which a server with --demo has been, and can be again.
func keptSecret(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, secretFile), []byte(strings.Repeat("kept", 8)), 0o600))
	return dir
}

func TestServe_KeptSecretIsOfTheDemoAlone(t *testing.T) {
	t.Parallel()
	dir, keys := keptSecret(t), filepath.Join(t.TempDir(), "keys.json")
	require.NoError(t, os.WriteFile(keys, []byte(`{"keys":[]}`), 0o600))
	token, failures, status := runOnce(t, "token", "--user", "ada", "--data-dir", dir)
	require.Zero(t, status, failures)
	url := testsupport.DatabaseURL(t)
	for flag, status := range map[string]int{"--demo=false": http.StatusUnauthorized, "--demo": http.StatusOK} {
		p := startServer(t, "--database-url", url, "--data-dir", dir, "--jwt-secret", "", "--jwks-file", keys, flag)
		ada := client{t: t, base: "http://" + p.addr, token: strings.TrimSpace(token)}
		require.Equal(t, status, ada.do("GET", "/api/session", nil, nil), flag)
	}
}

// What root makes for the demo is its folder's owner's.
func TestDemoSecret_Owner(t *testing.T) {
	t.Parallel()
	const stranger = 4711
	c := Config{DataDir: t.TempDir()}
	if os.Geteuid() == 0 {
		require.NoError(t, os.Chown(c.DataDir, stranger, stranger))
	}
	made, err := c.demoSecret()
	require.NoError(t, err)
	kept, err := c.demoSecret()
	require.NoError(t, err)
	require.Equal(t, made, kept)
	folder, err := os.Stat(c.DataDir)
	require.NoError(t, err)
	file, err := os.Stat(filepath.Join(c.DataDir, secretFile))
	require.NoError(t, err)
	require.Equal(t, folder.Sys().(*syscall.Stat_t).Uid, file.Sys().(*syscall.Stat_t).Uid)
}
