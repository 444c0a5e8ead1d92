package testsupport

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/brickboard/brickboard/internal/embeddedpg"
	"github.com/brickboard/brickboard/migrations"
)

// session is one process's use of the server. Its databases are named run_<id>_<number>, and a lock on run_<id> says
// that they are in use.
type session struct {
	server   *embeddedpg.Server
	locks    *pgx.Conn     // holds the session's advisory locks for its life, and with them the names
	admin    *pgxpool.Pool // makes and drops databases
	run      string
	template string
	number   atomic.Int64

	mu     sync.Mutex
	common *pgxpool.Pool // the database of Tx, made when first asked for
}

func openSession() (*session, error) {
	ctx, cancel := bounded()
	defer cancel()
	root, err := repository()
	if err != nil {
		return nil, err
	}
	server, err := embeddedpg.Start(ctx, embeddedpg.Config{DataDir: filepath.Join(root, ".brickboard-test"), Volatile: true})
	if err != nil {
		return nil, err
	}
	s, err := newSession(ctx, server)
	if err != nil {
		return nil, errors.Join(err, server.Close())
	}
	return s, nil
}

func newSession(ctx context.Context, server *embeddedpg.Server) (*session, error) {
	s := &session{server: server, run: "run_" + strings.ToLower(rand.Text()[:10])}
	name, err := templateName(migrations.FS)
	if err != nil {
		return nil, err
	}
	s.template = name
	if s.locks, err = pgx.Connect(ctx, server.URL()); err != nil {
		return nil, err
	}
	if err := s.prepare(ctx, migrations.Up); err != nil {
		return nil, errors.Join(err, s.locks.Close(ctx))
	}
	if s.admin, err = pgxpool.New(ctx, server.URL()); err != nil {
		return nil, errors.Join(err, s.locks.Close(ctx))
	}
	return s, nil
}

func (s *session) close() error {
	ctx, cancel := bounded()
	defer cancel()
	if s.common != nil {
		s.common.Close()
	}
	s.admin.Close()
	dropped := s.dropOwned(ctx, s.run)
	return errors.Join(dropped, s.locks.Close(ctx), s.server.Close())
}

// create makes a migrated database and answers its name.
func (s *session) create(ctx context.Context) (string, error) {
	name := fmt.Sprintf("%s_%d", s.run, s.number.Add(1))
	_, err := s.admin.Exec(ctx, fmt.Sprintf("CREATE DATABASE %s TEMPLATE %s", name, s.template))
	return name, err
}

func (s *session) drop(ctx context.Context, name string) error {
	_, err := s.admin.Exec(ctx, fmt.Sprintf("DROP DATABASE %s WITH (FORCE)", name))
	return err
}

// openCommon is the pool of the database that all of the process's Tx share.
func (s *session) openCommon(ctx context.Context) (*pgxpool.Pool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.common != nil {
		return s.common, nil
	}
	name, err := s.create(ctx)
	if err != nil {
		return nil, err
	}
	s.common, err = openPool(ctx, s.url(name))
	return s.common, err
}

// url addresses another database of the server.
func (s *session) url(name string) string { return withDatabase(s.server.URL(), name) }

func withDatabase(address, name string) string {
	u, err := url.Parse(address)
	if err != nil {
		panic(err) // embeddedpg made it
	}
	u.Path = "/" + name
	return u.String()
}

// repository is the folder of go.mod, found from the working directory, which is the package's when tests run.
func repository() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for ; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		if dir == filepath.Dir(dir) {
			return "", errors.New("no go.mod above the working directory")
		}
	}
}
