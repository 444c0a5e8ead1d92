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
	cred *syscall.Credential // as ownerOf
}

func (h home) data() string { return filepath.Join(h.path, dataName) }

// openHome is the home at path, run by its owner when we are root, else by us.
func openHome(path string) (home, error) {
	owner, err := ownerOf(path)
	if err == nil && owner != nil && owner.Uid == 0 {
		err = fmt.Errorf("%s belongs to root, which PostgreSQL refuses to run as: %w", path, fs.ErrPermission)
	}
	return home{path: path, cred: owner}, err
}

// makeHome makes a home that its user can enter. A home that holds data keeps its owner.
func (f folder) makeHome(ctx context.Context, path string) (home, error) {
	if err := os.Mkdir(path, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return home{}, err
	}
	if os.Geteuid() == 0 && !exists(filepath.Join(path, dataName)) {
		user, err := f.serverUser()
		if err == nil {
			err = giveFolder(path, user)
		}
		if err != nil {
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

// serverUser runs a new server when we are root: the data folder's owner, who can use it again then, else postgres or
// nobody.
func (f folder) serverUser() (*syscall.Credential, error) {
	if f.owner.Uid != 0 {
		if u, err := user.LookupId(strconv.Itoa(int(f.owner.Uid))); err == nil { // initdb refuses a user without a name
			return credentialOf(u)
		}
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		u, err = user.Lookup("nobody")
	}
	if err != nil {
		return nil, errors.New("PostgreSQL refuses to run as root, and there is no user postgres or nobody: make one")
	}
	return credentialOf(u)
}

// credentialOf is the user, in the user's own group: the group of a folder may be root's.
func credentialOf(u *user.User) (*syscall.Credential, error) {
	uid, uidErr := strconv.ParseUint(u.Uid, 10, 32)
	gid, gidErr := strconv.ParseUint(u.Gid, 10, 32)
	if err := errors.Join(uidErr, gidErr); err != nil {
		return nil, fmt.Errorf("user %s: %w", u.Username, err)
	}
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
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
