package embeddedpg

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// preparePackage makes the npm package at native fit to run and answers its folder of binaries: in place where its
// links can be made and the server's user can reach it, else in a copy under base, made once per version.
func preparePackage(ctx context.Context, h home, native, base string) (string, error) {
	if linkLibraries(native) == nil {
		if _, err := probe(ctx, h, filepath.Join(native, "bin")); !errors.Is(err, fs.ErrPermission) {
			return filepath.Join(native, "bin"), nil
		}
	}
	version, err := packageVersion(native)
	if err != nil {
		return native, err
	}
	target := filepath.Join(base, "postgresql-"+version)
	if exists(target) {
		return filepath.Join(target, "bin"), nil
	}
	fresh := target + ".new"
	if err := os.RemoveAll(fresh); err != nil {
		return native, err
	}
	if err := copyPackage(fresh, native); err != nil {
		return native, fmt.Errorf("copy PostgreSQL to %s: %w", target, err)
	}
	return filepath.Join(target, "bin"), os.Rename(fresh, target)
}

// copyPackage copies the package so that everybody can run it, whatever our umask is.
func copyPackage(target, native string) error {
	if err := os.CopyFS(target, os.DirFS(native)); err != nil {
		return err
	}
	if err := linkLibraries(target); err != nil {
		return err
	}
	return filepath.WalkDir(target, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.Type()&fs.ModeSymlink != 0 {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		readable := fs.FileMode(0o644)
		if info.Mode()&0o100 != 0 {
			readable = 0o755
		}
		return os.Chmod(path, readable)
	})
}

// linkLibraries makes the symbolic links that npm packages cannot hold. The package's install script does the same,
// but npm may be told, or be careful enough by itself, not to run such scripts.
func linkLibraries(native string) error {
	text, err := os.ReadFile(filepath.Join(native, "pg-symlinks.json"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	var links []struct{ Source, Target string } // paths from the package's folder, "native/lib/libpq.so.5.18"
	if err := json.Unmarshal(text, &links); err != nil {
		return fmt.Errorf("read pg-symlinks.json: %w", err)
	}
	for _, link := range links {
		target, err := filepath.Rel("native", link.Target)
		if err != nil {
			return err
		}
		source, err := filepath.Rel(filepath.Dir(link.Target), link.Source)
		if err != nil {
			return err
		}
		err = os.Symlink(source, filepath.Join(native, target))
		if err != nil && !errors.Is(err, fs.ErrExist) {
			return err
		}
	}
	return nil
}

func packageVersion(native string) (string, error) {
	text, err := os.ReadFile(filepath.Join(filepath.Dir(native), "package.json"))
	if err != nil {
		return "", err
	}
	var manifest struct{ Version string }
	if err := json.Unmarshal(text, &manifest); err != nil {
		return "", fmt.Errorf("read package.json: %w", err)
	}
	if manifest.Version == "" || manifest.Version != filepath.Base(manifest.Version) {
		return "", fmt.Errorf("package.json has the version %q", manifest.Version)
	}
	return manifest.Version, nil
}
