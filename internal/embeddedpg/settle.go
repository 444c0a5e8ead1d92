package embeddedpg

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

const (
	homeName  = "postgres" // of the home, in the data folder or elsewhere
	dataName  = "data"     // of the cluster, in the home
	ownerName = "owner"    // in a folder out of the data folder: the path of the data folder that it serves

	defaultOutOfReach = "/var/lib/brickboard" // outlives reboots, unlike /tmp
)

func (n note) base(f folder) string {
	if n.Elsewhere != "" {
		return n.Elsewhere
	}
	return f.path
}

// settle finds or makes the home: in the data folder, or elsewhere when its user cannot reach that. Where that is
// stands in the note before anything of value is there.
func (f folder) settle(ctx context.Context, cfg Config, n *note) (home, error) {
	if n.Elsewhere != "" {
		mine, err := f.claims(n.Elsewhere)
		if err != nil {
			return home{}, fmt.Errorf("use the server's folder: %w", err)
		}
		if !mine {
			n.Elsewhere = ""
		}
	}
	h, err := f.settleHere(ctx, cfg, n)
	if err == nil && n.Elsewhere != "" {
		f.log.Warn("data folder is out of reach of the server's user, its files are elsewhere", "path", n.Elsewhere)
	}
	return h, err
}

// settleHere makes the home where the note says, or elsewhere when there is no data yet and its user cannot reach that.
func (f folder) settleHere(ctx context.Context, cfg Config, n *note) (home, error) {
	path := filepath.Join(n.base(f), homeName)
	h, err := f.makeHome(ctx, path)
	if errors.Is(err, fs.ErrPermission) && os.Geteuid() == 0 && n.Elsewhere == "" && !exists(filepath.Join(path, dataName)) {
		return f.settleElsewhere(ctx, cfg, n)
	}
	if err != nil {
		return home{}, fmt.Errorf("make the server's folder: %w", err)
	}
	return h, nil
}

// settleElsewhere makes a home in a new folder of its own under cfg.OutOfReach.
func (f folder) settleElsewhere(ctx context.Context, cfg Config, n *note) (home, error) {
	base, err := makeBase(cfg.OutOfReach)
	if err == nil {
		err = writeDurably(filepath.Join(base, ownerName), []byte(f.path), nil)
	}
	if err != nil {
		return home{}, fmt.Errorf("make a folder for PostgreSQL: %w", err)
	}
	n.Elsewhere = base
	if err := f.writeNote(*n); err != nil {
		return home{}, err
	}
	h, err := f.makeHome(ctx, filepath.Join(base, homeName))
	if err != nil {
		return home{}, fmt.Errorf("make the server's folder: %w", err)
	}
	return h, nil
}

// makeBase makes a new folder under root that everybody can pass and only we can write to.
func makeBase(root string) (string, error) {
	if root == "" {
		root = defaultOutOfReach
	}
	if !exists(root) {
		if err := errors.Join(os.MkdirAll(root, 0o755), os.Chmod(root, 0o755)); err != nil {
			return "", err
		}
	}
	if err := refuseForeign(root); err != nil {
		return "", err
	}
	base, err := os.MkdirTemp(root, "")
	if err != nil {
		return "", err
	}
	return base, os.Chmod(base, 0o711)
}

// claims reports whether the folder on record is still this data folder's. It is not when it is gone, nor when the
// data folder is a copy: then the original keeps it. A data folder that was moved takes it along.
func (f folder) claims(base string) (bool, error) {
	owner, err := os.ReadFile(filepath.Join(base, ownerName))
	if errors.Is(err, fs.ErrNotExist) {
		f.log.Warn("embedded postgresql data is gone, beginning anew", "path", base)
		return false, nil
	}
	if err := errors.Join(err, refuseForeign(base)); err != nil {
		return false, err
	}
	original := string(owner)
	if original == f.path {
		return true, nil
	}
	if other, err := (folder{path: original}).readNote(); err == nil && other.Elsewhere == base {
		f.log.Warn("data folder is a copy, beginning with an empty database", "original", original)
		return false, nil
	}
	return true, writeDurably(filepath.Join(base, ownerName), []byte(f.path), nil)
}

// refuseForeign refuses a folder in which somebody else could plant files.
func refuseForeign(path string) error {
	detail, err := stat(path)
	if err != nil {
		return err
	}
	if int(detail.Uid) != os.Geteuid() || detail.Mode&0o022 != 0 {
		return fmt.Errorf("%s must belong to the user who runs this, and nobody else may write to it", path)
	}
	return nil
}
