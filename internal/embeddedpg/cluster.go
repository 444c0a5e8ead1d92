package embeddedpg

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
)

// major is the PostgreSQL version that made the cluster, 0 when there is none.
func (h home) major() (int, error) {
	text, err := os.ReadFile(filepath.Join(h.data(), "PG_VERSION"))
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	major, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		return 0, fmt.Errorf("PG_VERSION of %s: %w", h.data(), err)
	}
	return major, nil
}

// initdb makes the cluster beside its place and renames it, so that an interrupted one is begun anew.
func (h home) initdb(ctx context.Context, bin binaries, alive *os.File, volatile bool) error {
	fresh := h.data() + ".new"
	if err := os.RemoveAll(fresh); err != nil {
		return err
	}
	if err := h.makePassword(); err != nil {
		return fmt.Errorf("make the database's password: %w", err)
	}
	args := []string{"-D", fresh, "-U", role, "--pwfile", h.passwordFile(), "-A", "scram-sha-256", "-E", "UTF8",
		"--data-checksums", "--no-instructions"}
	args = append(args, localeArgs(bin.major)...)
	if volatile {
		args = append(args, "--no-sync")
	}
	cmd := h.command(ctx, bin.program("initdb"), args...)
	cmd.ExtraFiles = []*os.File{alive}
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w: %s", err, strings.TrimSpace(string(out)))
	}
	if err := os.Rename(fresh, h.data()); err != nil {
		return err
	}
	return syncFolder(h.path)
}

// localeArgs order text by its bytes and know the case of all of Unicode's letters, on every machine alike.
func localeArgs(major int) []string {
	if major >= 17 {
		return []string{"--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"}
	}
	ctype := "C.UTF-8"
	if runtime.GOOS == "darwin" {
		ctype = "UTF-8"
	}
	return []string{"--locale=C", "--lc-ctype=" + ctype}
}

func (h home) passwordFile() string { return filepath.Join(h.path, "password") }

// makePassword makes the superuser's password. The server's user may read it: the data is its own anyway.
func (h home) makePassword() error {
	return writeDurably(h.passwordFile(), []byte(rand.Text()), h.cred)
}

func syncFolder(path string) error {
	dir, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}
