package embeddedpg

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/gofrs/flock"
)

// lockPoll is how often a lock that another process holds is tried again.
const lockPoll = 5 * time.Millisecond

// folder is a data folder: the locks, what is noted of the server, its log and, where its user can reach it, its home.
type folder struct {
	path  string              // absolute, without symbolic links: the server is told it
	owner *syscall.Credential // of what we make in it, as ownerOf: root's files would lock the folder's owner out
	log   *slog.Logger
}

// note is what one user leaves for the next. It is written before the server starts, so that a start that was killed
// can be joined too. Nothing in it is an absolute path into the data folder, which may be moved.
type note struct {
	Elsewhere string `json:"elsewhere,omitempty"` // the folder that holds home when it is not in the data folder
	BinDir    string `json:"binDir,omitempty"`
	Port      int    `json:"port,omitempty"` // of loopback TCP; 0: a socket in home
}

func openFolder(cfg Config) (folder, error) {
	log := cfg.Log
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	path, err := filepath.Abs(cfg.DataDir)
	if err != nil {
		return folder{}, fmt.Errorf("data folder: %w", err)
	}
	if err := os.MkdirAll(path, 0o755); err != nil {
		return folder{}, fmt.Errorf("make the data folder: %w", err)
	}
	if path, err = filepath.EvalSymlinks(path); err != nil {
		return folder{}, fmt.Errorf("data folder: %w", err)
	}
	owner, err := ownerOf(path)
	if err != nil {
		return folder{}, fmt.Errorf("data folder: %w", err)
	}
	return folder{path: path, owner: owner, log: log}, nil
}

func (f folder) file(name string) string { return filepath.Join(f.path, "postgres."+name) }

// lock is a lock by that name, which nobody holds by this yet.
func (f folder) lock(name string) (*flock.Flock, error) {
	file, err := f.open(name, os.O_RDONLY)
	if err != nil {
		return nil, err
	}
	return flock.New(file.Name(), flock.SetFlag(os.O_RDONLY|syscall.O_NOFOLLOW)), file.Close()
}

// enter waits until nobody else starts or stops the server, and keeps it so until the answer is called.
func (f folder) enter(ctx context.Context) (leave func(), err error) {
	gate, err := f.lock("gate")
	if err == nil {
		_, err = gate.TryLockContext(ctx, lockPoll)
	}
	switch {
	case errors.Is(err, fs.ErrPermission):
		return nil, fmt.Errorf("the data folder %s belongs to another user; run as that user, or name another folder: %w",
			f.path, err)
	case err != nil:
		return nil, fmt.Errorf("wait for the lock %s: %w", f.file("gate"), err)
	}
	return func() { _ = gate.Unlock() }, nil
}

// seize takes the lock that the processes of a server inherit; nil while one of them is alive.
// It is released when its holder closed it and every process that inherited it has ended.
func (f folder) seize() (*os.File, error) {
	file, err := f.open("alive", os.O_RDWR)
	if err != nil {
		return nil, err
	}
	err = syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if err == nil {
		return file, nil
	}
	if closed := file.Close(); closed != nil {
		return nil, closed
	}
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return nil, nil
	}
	return nil, fmt.Errorf("lock %s: %w", file.Name(), err)
}

func (f folder) readNote() (n note, err error) {
	text, err := os.ReadFile(f.file("json"))
	if errors.Is(err, fs.ErrNotExist) {
		return note{}, nil
	}
	if err != nil {
		return note{}, err
	}
	if err := json.Unmarshal(text, &n); err != nil {
		return note{}, fmt.Errorf("read %s: %w", f.file("json"), err)
	}
	return n, nil
}

func (f folder) writeNote(n note) error {
	text, err := json.Marshal(n)
	if err != nil {
		return err
	}
	fresh := f.file("json.new")
	if err := writeDurably(fresh, append(text, '\n'), f.owner); err != nil {
		return err
	}
	return os.Rename(fresh, f.file("json"))
}
