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
)

// secretFile is in the data folder and holds the secret that --demo made.
const secretFile = "jwt-secret"

// secret is the configured HS256 secret; else the one kept in the data folder, which is made where that is asked for;
// else none.
func (c Config) secret(create bool) ([]byte, error) {
	if c.JWTSecret != "" {
		return []byte(c.JWTSecret), nil
	}
	path := filepath.Join(c.DataDir, secretFile)
	kept, err := os.ReadFile(path)
	switch {
	case err == nil:
		return []byte(strings.TrimSpace(string(kept))), nil
	case !errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("read the demo's secret: %w", err)
	case !create:
		return nil, nil
	}
	return c.makeSecret(path)
}

// makeSecret writes the file under another name first: a start that is killed leaves no half secret, and of two starts
// at once both take what the first one linked.
func (c Config) makeSecret(path string) ([]byte, error) {
	if err := os.MkdirAll(c.DataDir, 0o700); err != nil {
		return nil, fmt.Errorf("make data folder: %w", err)
	}
	draft, err := os.CreateTemp(c.DataDir, secretFile+"-*") // mode 0600
	if err != nil {
		return nil, fmt.Errorf("make the demo's secret: %w", err)
	}
	defer os.Remove(draft.Name())
	random := make([]byte, 32)
	_, _ = rand.Read(random) // never fails
	_, err = draft.WriteString(hex.EncodeToString(random) + "\n")
	if err = errors.Join(err, draft.Close()); err != nil {
		return nil, fmt.Errorf("make the demo's secret: %w", err)
	}
	if err := os.Link(draft.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, fmt.Errorf("keep the demo's secret: %w", err)
	}
	return c.secret(false)
}
