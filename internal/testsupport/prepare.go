package testsupport

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash/fnv"
	"io/fs"
	"strings"

	"github.com/jackc/pgx/v5"
)

// templateName names the database of the migrations: other migrations, another database.
func templateName(migrations fs.FS) (string, error) {
	hash := sha256.New()
	err := fs.WalkDir(migrations, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := fs.ReadFile(migrations, path)
		fmt.Fprintf(hash, "%s %d\n%s", path, len(text), text)
		return err
	})
	return fmt.Sprintf("template_%x", hash.Sum(nil)[:8]), err
}

// prepare clears away what nobody uses, sees to it that the template is there, and locks both of the session's names.
// Of several processes one at a time does this.
func (s *session) prepare(ctx context.Context, migrate func(context.Context, string) error) error {
	const gate = "prepare"
	if err := s.lock(ctx, "pg_advisory_lock", gate); err != nil {
		return err
	}
	err := errors.Join(
		s.lock(ctx, "pg_advisory_lock_shared", s.template),
		s.lock(ctx, "pg_advisory_lock_shared", s.run),
		s.sweep(ctx),
		s.makeTemplate(ctx, migrate),
	)
	return errors.Join(err, s.lock(ctx, "pg_advisory_unlock", gate))
}

func (s *session) lock(ctx context.Context, function, name string) error {
	if _, err := s.locks.Exec(ctx, "SELECT "+function+"($1)", lockKey(name)); err != nil {
		return fmt.Errorf("%s of %s: %w", function, name, err)
	}
	return nil
}

func lockKey(name string) int64 {
	hash := fnv.New64a()
	hash.Write([]byte("testsupport " + name))
	return int64(hash.Sum64())
}

// sweep drops the databases of owners whose lock nobody holds: killed runs, templates of migrations that were changed.
func (s *session) sweep(ctx context.Context) error {
	owners, err := s.owners(ctx)
	if err != nil {
		return err
	}
	for _, owner := range owners {
		if owner == s.run || owner == s.template { // this connection's own locks would not stop it
			continue
		}
		var unused bool
		if err := s.locks.QueryRow(ctx, "SELECT pg_try_advisory_lock($1)", lockKey(owner)).Scan(&unused); err != nil {
			return fmt.Errorf("lock %s: %w", owner, err)
		}
		if !unused {
			continue
		}
		if err := errors.Join(s.dropOwned(ctx, owner), s.lock(ctx, "pg_advisory_unlock", owner)); err != nil {
			return err
		}
	}
	return nil
}

// owners are what locks are named after: the first two words of the databases' names.
func (s *session) owners(ctx context.Context) ([]string, error) {
	rows, err := s.locks.Query(ctx, `SELECT DISTINCT substring(datname FROM '^(?:run|template|half)_[^_]+') FROM pg_database
		WHERE datname ~ '^(run|template|half)_'`)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

func (s *session) dropOwned(ctx context.Context, owner string) error {
	rows, err := s.locks.Query(ctx, "SELECT datname FROM pg_database WHERE datname = $1 OR starts_with(datname, $1 || '_')", owner)
	if err != nil {
		return err
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return err
	}
	for _, name := range names {
		if _, err := s.locks.Exec(ctx, fmt.Sprintf("DROP DATABASE IF EXISTS %s WITH (FORCE)", name)); err != nil {
			return fmt.Errorf("drop database %s: %w", name, err)
		}
	}
	return nil
}

// makeTemplate migrates a database under another name and renames it, so that a template is complete or absent.
// Nobody may connect to it: CREATE DATABASE needs it to itself.
func (s *session) makeTemplate(ctx context.Context, migrate func(context.Context, string) error) error {
	var there bool
	err := s.locks.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", s.template).Scan(&there)
	if err != nil || there {
		return err
	}
	half := strings.Replace(s.template, "template_", "half_", 1)
	if _, err := s.locks.Exec(ctx, "CREATE DATABASE "+half); err != nil {
		return err
	}
	if err := migrate(ctx, s.url(half)); err != nil {
		return err
	}
	_, err = s.locks.Exec(ctx, fmt.Sprintf("ALTER DATABASE %s WITH ALLOW_CONNECTIONS false", half))
	if err != nil {
		return err
	}
	_, err = s.locks.Exec(ctx, fmt.Sprintf("ALTER DATABASE %s RENAME TO %s", half, s.template))
	return err
}
