// Package certificate serves a TLS certificate from files and takes a new one without a restart.
package certificate

import (
	"crypto/tls"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"
)

// checkInterval is how often handshakes look for changed files, at most.
const checkInterval = time.Second

// Files is a certificate and its key, both PEM. It is safe for concurrent use.
type Files struct {
	cert, key string
	log       *slog.Logger
	now       func() time.Time

	mu      sync.Mutex
	loaded  *tls.Certificate
	stamps  [2]stamp
	checked time.Time
}

// stamp tells one state of a file from another.
type stamp struct {
	modified time.Time
	size     int64
}

// Load reads the files, so that a mistake shows at start.
func Load(cert, key string, log *slog.Logger, now func() time.Time) (*Files, error) {
	f := &Files{cert: cert, key: key, log: log, now: now}
	stamps, err := f.stat()
	if err != nil {
		return nil, err
	}
	return f, f.load(stamps)
}

// GetCertificate is for tls.Config. Files that cannot be read, or do not fit each other as while they are being
// replaced, leave the certificate as it was; that is logged.
func (f *Files) GetCertificate(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if now := f.now(); now.Sub(f.checked) >= checkInterval {
		f.checked = now
		f.refresh()
	}
	return f.loaded, nil
}

func (f *Files) refresh() {
	stamps, err := f.stat()
	if err == nil && stamps == f.stamps {
		return
	}
	if err == nil {
		err = f.load(stamps)
	}
	if err != nil {
		f.log.Warn("certificate cannot be renewed, the old one stays", "error", err)
		return
	}
	f.log.Info("certificate renewed", "file", f.cert)
}

func (f *Files) load(stamps [2]stamp) error {
	f.stamps = stamps
	pair, err := tls.LoadX509KeyPair(f.cert, f.key)
	if err != nil {
		return fmt.Errorf("load certificate: %w", err)
	}
	f.loaded = &pair
	return nil
}

func (f *Files) stat() (stamps [2]stamp, err error) {
	for i, path := range []string{f.cert, f.key} {
		info, err := os.Stat(path)
		if err != nil {
			return stamps, fmt.Errorf("load certificate: %w", err)
		}
		stamps[i] = stamp{info.ModTime(), info.Size()}
	}
	return stamps, nil
}
