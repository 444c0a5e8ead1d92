package main

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// secretFile is in the data folder and holds the secret that --demo made.
const secretFile = "jwt-secret"

// secret is the configured HS256 secret; else the one that --demo made and keeps in the data folder; else none.
func (c Config) secret() ([]byte, error) {
	if c.JWTSecret != "" {
		return []byte(c.JWTSecret), nil
	}
	kept, err := os.ReadFile(filepath.Join(c.DataDir, secretFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the demo's secret: %w", err)
	}
	return []byte(strings.TrimSpace(string(kept))), nil
}

// demoSecret is the secret of a server with --demo: made, and kept, where there is none. Without --demo a server does
// not look for a kept one: whoever can read the folder could sign tokens that nobody meant to accept.
func (c Config) demoSecret() ([]byte, error) {
	secret, err := c.secret()
	if err != nil || secret != nil {
		return secret, err
	}
	if err := c.makeSecret(); err != nil {
		return nil, err
	}
	return c.secret()
}

// makeSecret writes the file under another name first: a start that is killed leaves no half secret, and of two starts
// at once both take what the first one linked.
func (c Config) makeSecret() error {
	if err := os.MkdirAll(c.DataDir, 0o700); err != nil {
		return fmt.Errorf("make data folder: %w", err)
	}
	draft, err := os.CreateTemp(c.DataDir, secretFile+"-*") // mode 0600
	if err != nil {
		return fmt.Errorf("make the demo's secret: %w", err)
	}
	defer os.Remove(draft.Name())
	random := make([]byte, 32)
	_, _ = rand.Read(random) // never fails
	_, err = draft.WriteString(hex.EncodeToString(random) + "\n")
	if err = errors.Join(err, giveToOwnerOf(c.DataDir, draft), draft.Close()); err != nil {
		return fmt.Errorf("make the demo's secret: %w", err)
	}
	err = os.Link(draft.Name(), filepath.Join(c.DataDir, secretFile))
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("keep the demo's secret: %w", err)
	}
	return nil
}

// giveToOwnerOf gives the folder's owner a file that root made in it, which nobody else could read.
func giveToOwnerOf(folder string, file *os.File) error {
	if os.Geteuid() != 0 {
		return nil
	}
	info, err := os.Stat(folder)
	if err != nil {
		return err
	}
	owner := info.Sys().(*syscall.Stat_t)
	return file.Chown(int(owner.Uid), int(owner.Gid))
}
