package embeddedpg

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
	"time"
)

// home is the folder of the server's own files: its data, password and socket. Its owner runs the server.
type home struct {
	path string
	cred *syscall.Credential // nil: we ourselves
}

func (h home) data() string { return filepath.Join(h.path, dataName) }

// openHome is the home at path, run by its owner when we are root, else by us.
func openHome(path string) (home, error) {
	if os.Geteuid() != 0 {
		return home{path: path}, nil
	}
	owner, err := stat(path)
	if err != nil {
		return home{}, err
	}
	if owner.Uid == 0 {
		return home{}, fmt.Errorf("%s belongs to root, which PostgreSQL refuses to run as: %w", path, fs.ErrPermission)
	}
	return home{path: path, cred: &syscall.Credential{Uid: owner.Uid, Gid: owner.Gid}}, nil
}

// makeHome makes a home that its user can enter. A home that holds data keeps its owner.
func makeHome(ctx context.Context, path string) (home, error) {
	if err := os.MkdirAll(path, 0o700); err != nil {
		return home{}, err
	}
	if os.Geteuid() == 0 && !exists(filepath.Join(path, dataName)) {
		if err := giveToUnprivileged(path); err != nil {
			return home{}, err
		}
	}
	h, err := openHome(path)
	if err != nil {
		return home{}, err
	}
	if err := h.command(ctx, "/bin/sh", "-c", ":").Run(); err != nil {
		return home{}, fmt.Errorf("enter %s as its owner: %w", path, err)
	}
	return h, nil
}

// giveToUnprivileged makes path a folder of the user that runs the server when we are root.
func giveToUnprivileged(path string) error {
	u, err := user.Lookup("postgres")
	if err != nil {
		u, err = user.Lookup("nobody")
	}
	if err != nil {
		return errors.New("PostgreSQL refuses to run as root, and there is no user postgres or nobody: make one")
	}
	uid, uidErr := strconv.Atoi(u.Uid)
	gid, gidErr := strconv.Atoi(u.Gid)
	if err := errors.Join(uidErr, gidErr); err != nil {
		return fmt.Errorf("user %s: %w", u.Username, err)
	}
	return errors.Join(os.Chown(path, uid, gid), os.Chmod(path, 0o700))
}

// command is a program of the server's: run by its user, in its home, in a session of its own, so that a Ctrl-C meant
// for us does not reach it, and with nothing of our environment, which may hold PGDATA and the like.
func (h home) command(ctx context.Context, program string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Dir = h.path
	cmd.Env = []string{"LC_ALL=C", "PATH=/usr/bin:/bin", "HOME=" + h.path}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Credential: h.cred}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = time.Second
	return cmd
}

func stat(path string) (*syscall.Stat_t, error) {
	info, err := os.Lstat(path)
	if err != nil {
		return nil, err
	}
	detail, ok := info.Sys().(*syscall.Stat_t)
	if !ok || !info.IsDir() {
		return nil, fmt.Errorf("%s is not a folder", path)
	}
	return detail, nil
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}
