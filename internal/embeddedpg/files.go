package embeddedpg

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"
)

// open opens a file of the folder, and makes it where it is missing. A symbolic link in its place is not followed: as
// root we would make or write what somebody else points at.
func (f folder) open(name string, flag int) (*os.File, error) {
	made, err := os.OpenFile(f.file(name), flag|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return os.OpenFile(f.file(name), flag|syscall.O_NOFOLLOW, 0)
	}
	if err != nil {
		return nil, err
	}
	return made, give(made, f.owner)
}

// writeDurably replaces the file by one of that owner, never following a symbolic link in its place.
func writeDurably(path string, content []byte, owner *syscall.Credential) error {
	if err := os.RemoveAll(path); err != nil {
		return err
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(content)
	return errors.Join(err, give(file, owner), file.Sync(), file.Close())
}

// giveFolder makes path a folder of the user alone. Through a symbolic link, which somebody else may have planted, it
// gives nothing.
func giveFolder(path string, user *syscall.Credential) error {
	dir, err := os.OpenFile(path, syscall.O_DIRECTORY|syscall.O_NOFOLLOW, 0)
	if err != nil {
		return err
	}
	return errors.Join(give(dir, user), dir.Chmod(0o700), dir.Close())
}

// give makes an open file the owner's.
func give(file *os.File, owner *syscall.Credential) error {
	if owner == nil {
		return nil
	}
	return file.Chown(int(owner.Uid), int(owner.Gid))
}

// ownerOf is the owner of a folder when we are root, else nil: what we make and run is our own.
func ownerOf(path string) (*syscall.Credential, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	detail, err := stat(path)
	if err != nil {
		return nil, err
	}
	return &syscall.Credential{Uid: detail.Uid, Gid: detail.Gid}, nil
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
