package embeddedpg

import (
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// fakeBinaries makes programs that say they are the version.
func fakeBinaries(t *testing.T, dir, version string) string {
	t.Helper()
	require.NoError(t, os.MkdirAll(dir, 0o755))
	for _, name := range []string{"initdb", "pg_ctl", "postgres"} {
		script := fmt.Sprintf("#!/bin/sh\necho '%s (PostgreSQL) %s'\n", name, version)
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(script), 0o755))
	}
	return dir
}

// fakePackage makes the npm package below root, as npm leaves it when it does not run the package's script.
func fakePackage(t *testing.T, root, version string) string {
	t.Helper()
	pkg := filepath.Join(root, "node_modules", packageName())
	fakeBinaries(t, filepath.Join(pkg, "native", "bin"), version)
	require.NoError(t, os.Mkdir(filepath.Join(pkg, "native", "lib"), 0o755))
	for name, text := range map[string]string{
		"package.json":             `{"version": "` + version + `"}`,
		"native/lib/libpq.so.5.18": "library",
		"native/pg-symlinks.json":  `[{"source": "native/lib/libpq.so.5.18", "target": "native/lib/libpq.so.5"}]`,
	} {
		require.NoError(t, os.WriteFile(filepath.Join(pkg, name), []byte(text), 0o644))
	}
	return filepath.Join(pkg, "native", "bin")
}

func TestSearch_Find(t *testing.T) {
	t.Parallel()
	dir := passable(t)
	f, err := openFolder(config(t, dir))
	require.NoError(t, err)
	h, err := f.makeHome(t.Context(), filepath.Join(dir, "home"))
	require.NoError(t, err)
	far := fakePackage(t, filepath.Join(dir, "work"), "18.4.0")
	near := fakePackage(t, filepath.Join(dir, "program", "bin"), "17.1.0")
	onPath := fakeBinaries(t, filepath.Join(dir, "path"), "16.2 (Debian 16.2-1)")
	link := filepath.Join(dir, "postgres")
	require.NoError(t, os.Symlink(filepath.Join(onPath, "postgres"), link))
	fakeBinaries(t, filepath.Join(dir, "usual-9", "bin"), "9.6.1")
	older := fakeBinaries(t, filepath.Join(dir, "usual-14", "bin"), "14.9")
	newer := fakeBinaries(t, filepath.Join(dir, "usual-19", "bin"), "19devel")
	all := search{
		roots:  []string{filepath.Join(dir, "work", "a", "b"), filepath.Join(dir, "program", "bin")},
		onPath: link,
		usual:  []string{filepath.Join(dir, "usual-*", "bin")},
	}
	found := func(s search, major int) string {
		b, err := s.find(t.Context(), h, dir, major)
		require.NoError(t, err)
		return b.dir
	}

	require.Equal(t, far, found(all, 0))
	require.Equal(t, near, found(all, 17))
	require.Equal(t, onPath, found(all, 16))
	require.Equal(t, newer, found(search{usual: all.usual}, 0))
	require.Equal(t, older, found(all, 14))
	explicit := all
	explicit.explicit = older
	require.Equal(t, older, found(explicit, 0))

	_, err = explicit.find(t.Context(), h, dir, 18)
	require.ErrorContains(t, err, older+": is PostgreSQL 14")
	_, err = all.find(t.Context(), h, dir, 9)
	require.ErrorContains(t, err, "PostgreSQL 9 is older than 14")
	_, err = search{}.find(t.Context(), h, dir, 0)
	require.ErrorContains(t, err, "PostgreSQL 14 or newer was not found: run npm ci")
	require.ErrorContains(t, err, packageName())
}

func TestPreparePackage_Links(t *testing.T) {
	t.Parallel()
	dir := passable(t)
	bin := fakePackage(t, dir, "18.4.0")
	for range 2 {
		found, err := preparePackage(t.Context(), home{path: dir}, filepath.Dir(bin), t.TempDir())
		require.NoError(t, err)
		require.Equal(t, bin, found)
		link, err := os.Readlink(filepath.Join(bin, "../lib/libpq.so.5"))
		require.NoError(t, err)
		require.Equal(t, "libpq.so.5.18", link)
	}
}

// What the server's user cannot reach is copied, once, whatever our umask.
func TestPreparePackage_OutOfReach(t *testing.T) {
	t.Parallel()
	closed, base := closedFolder(t), passable(t)
	bin := fakePackage(t, closed, "18.4.0")
	require.NoError(t, os.Chmod(filepath.Join(bin, "postgres"), 0o700))
	h := home{path: base}
	if os.Geteuid() == 0 {
		uid, gid := nobody(t)
		h.cred = &syscall.Credential{Uid: uid, Gid: gid}
	} else {
		lib := filepath.Join(bin, "../lib")
		require.NoError(t, os.Chmod(lib, 0o500)) // no links can be made
		t.Cleanup(func() { require.NoError(t, os.Chmod(lib, 0o700)) })
	}
	want := filepath.Join(base, "postgresql-18.4.0", "bin")
	for range 2 {
		found, err := preparePackage(t.Context(), h, filepath.Dir(bin), base)
		require.NoError(t, err)
		require.Equal(t, want, found)
		b, err := probe(t.Context(), h, found)
		require.NoError(t, err)
		require.Equal(t, 18, b.major)
		require.FileExists(t, filepath.Join(found, "../lib/libpq.so.5"))
		require.NoError(t, os.WriteFile(filepath.Join(found, "initdb"), nil, 0o755)) // stays so: no second copy
	}
	info, err := os.Stat(filepath.Join(want, "initdb"))
	require.NoError(t, err)
	require.Zero(t, info.Size())
}
