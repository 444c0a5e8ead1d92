package certificate

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/brickboard/brickboard/internal/testsupport"
)

// write makes a self-signed certificate with that serial number and that time of change.
func write(t *testing.T, cert, key string, serial int64, modified time.Time) {
	t.Helper()
	testsupport.WriteCertificate(t, cert, key, serial)
	require.NoError(t, os.Chtimes(cert, modified, modified))
	require.NoError(t, os.Chtimes(key, modified, modified))
}

func TestFiles_GetCertificate_TakesANewOneAndKeepsTheOldOneMeanwhile(t *testing.T) {
	t.Parallel()
	cert, key := filepath.Join(t.TempDir(), "c.pem"), filepath.Join(t.TempDir(), "k.pem")
	now := time.Now()
	var log bytes.Buffer
	write(t, cert, key, 1, now)
	files, err := Load(cert, key, slog.New(slog.NewTextHandler(&log, nil)), func() time.Time { return now })
	require.NoError(t, err)
	serial := func() int64 {
		now = now.Add(checkInterval)
		served, err := files.GetCertificate(nil)
		require.NoError(t, err)
		return served.Leaf.SerialNumber.Int64()
	}
	require.EqualValues(t, 1, serial())

	require.NoError(t, os.WriteFile(key, []byte("half a ke"), 0o600))
	require.EqualValues(t, 1, serial())
	require.Contains(t, log.String(), "certificate cannot be renewed")
	write(t, cert, key, 2, now.Add(time.Minute))
	require.EqualValues(t, 2, serial())
	require.NoError(t, os.Remove(cert))
	require.EqualValues(t, 2, serial())
}

func TestLoad_Refuses(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	_, err := Load(filepath.Join(dir, "no.pem"), filepath.Join(dir, "no.key"), nil, time.Now)
	require.ErrorContains(t, err, "no.pem")
	write(t, filepath.Join(dir, "a.pem"), filepath.Join(dir, "a.key"), 1, time.Now())
	write(t, filepath.Join(dir, "b.pem"), filepath.Join(dir, "b.key"), 2, time.Now())
	_, err = Load(filepath.Join(dir, "a.pem"), filepath.Join(dir, "b.key"), nil, time.Now)
	require.Error(t, err)
}
