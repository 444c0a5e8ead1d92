package embeddedpg

import (
	"io/fs"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// asOrdinaryUser makes a command run as an ordinary user, which we may be already.
func asOrdinaryUser(t *testing.T) func(*exec.Cmd) {
	t.Helper()
	if os.Geteuid() != 0 {
		return func(*exec.Cmd) {}
	}
	uid, gid := nobody(t)
	return func(cmd *exec.Cmd) {
		cmd.Dir = "/"
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uid, Gid: gid}}
	}
}

func nobody(t *testing.T) (uid, gid uint32) {
	t.Helper()
	u, err := user.Lookup("nobody")
	require.NoError(t, err)
	uidNumber, err := strconv.Atoi(u.Uid)
	require.NoError(t, err)
	gidNumber, err := strconv.Atoi(u.Gid)
	require.NoError(t, err)
	return uint32(uidNumber), uint32(gidNumber)
}

// closedFolder is a folder that only we can reach.
func closedFolder(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(passable(t), "closed")
	require.NoError(t, os.Mkdir(dir, 0o700))
	return dir
}

// copyOfSelf is this program where every user can run it.
func copyOfSelf(t *testing.T) string {
	t.Helper()
	program, err := os.ReadFile(self(t))
	require.NoError(t, err)
	path := filepath.Join(passable(t), "holder")
	// A process that was forked meanwhile would have the file open too, and nobody could run it.
	syscall.ForkLock.RLock()
	err = os.WriteFile(path, program, 0o755)
	syscall.ForkLock.RUnlock()
	require.NoError(t, err)
	require.NoError(t, os.Chmod(path, 0o755))
	return path
}

func TestStart_OrdinaryUserJoinedByUs(t *testing.T) {
	t.Parallel()
	base := passable(t)
	dir := filepath.Join(base, "data")
	require.NoError(t, os.Mkdir(dir, 0o755))
	h := home{path: dir}
	if os.Geteuid() == 0 {
		uid, gid := nobody(t)
		h.cred = &syscall.Credential{Uid: uid, Gid: gid}
		require.NoError(t, os.Chown(dir, int(uid), int(gid)))
	}
	bin, err := newSearch("").find(t.Context(), h, base, 0)
	require.NoError(t, err)

	program := copyOfSelf(t)
	other := startHolder(t, program, dir, bin.dir, asOrdinaryUser(t))
	other.awaitHolding(t)
	cfg := config(t, dir)
	joined := start(t, cfg)
	require.Equal(t, 1, query[int](t, joined, "SELECT 1"))
	require.NoError(t, joined.Close())
	other.leave(t)
	requireStopped(t, dir)

	// The data keeps its owner, and what we make beside it is his too, so that he can use it again after us.
	require.NoError(t, os.Truncate(filepath.Join(dir, "postgres.log"), logLimit+1)) // we begin a new one
	again := start(t, cfg)
	require.Equal(t, 1, query[int](t, again, "SELECT 1"))
	require.Equal(t, h.cred, homeOf(t, dir).cred)
	require.NoError(t, again.Close())
	other = startHolder(t, program, dir, bin.dir, asOrdinaryUser(t))
	other.awaitHolding(t)
	other.leave(t)
}

func TestStart_OrdinaryUserAfterUs(t *testing.T) {
	t.Parallel()
	base := passable(t)
	dir := filepath.Join(base, "data")
	require.NoError(t, os.Mkdir(dir, 0o755))
	if os.Geteuid() == 0 {
		uid, _ := nobody(t)
		require.NoError(t, os.Chown(dir, int(uid), 0))
	}
	require.NoError(t, start(t, config(t, dir)).Close())
	if os.Geteuid() == 0 {
		uid, gid := nobody(t)
		require.Equal(t, &syscall.Credential{Uid: uid, Gid: gid}, homeOf(t, dir).cred, "the server is not in root's group")
	}
	f, err := openFolder(config(t, dir))
	require.NoError(t, err)
	n, err := f.readNote()
	require.NoError(t, err)
	other := startHolder(t, copyOfSelf(t), dir, n.BinDir, asOrdinaryUser(t))
	other.awaitHolding(t)
	other.leave(t)
}

// Who owns the data folder may plant links in it. We follow none of them, least of all as root.
func TestStart_PlantedLinks(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"gate", "users", "alive"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir, target := t.TempDir(), filepath.Join(t.TempDir(), "target")
			require.NoError(t, os.Symlink(target, filepath.Join(dir, "postgres."+name)))
			_, err := Start(t.Context(), config(t, dir))
			require.ErrorIs(t, err, syscall.ELOOP)
			require.NoFileExists(t, target)
		})
	}
	t.Run("home", func(t *testing.T) {
		t.Parallel()
		if os.Geteuid() != 0 { // then it can only be our own
			return
		}
		dir, target := passable(t), passable(t)
		require.NoError(t, os.Chmod(target, 0o755))
		require.NoError(t, os.Symlink(target, filepath.Join(dir, homeName)))
		_, err := Start(t.Context(), config(t, dir))
		require.ErrorIs(t, err, syscall.ENOTDIR)
		info, err := os.Stat(target)
		require.NoError(t, err)
		require.Equal(t, fs.FileMode(0o755), info.Mode().Perm())
		require.Zero(t, info.Sys().(*syscall.Stat_t).Uid)
	})
}

// Below a folder of ours alone the files stay when we run the server, and go out of it when another user has to.
func TestStart_OutOfReach(t *testing.T) {
	t.Parallel()
	closed := closedFolder(t)
	dir := filepath.Join(closed, "data")
	cfg := config(t, dir)
	s := start(t, cfg)
	execute(t, s, "CREATE TABLE kept AS SELECT 1 AS n")
	require.NoError(t, s.Close())
	place := homeOf(t, dir).path
	if os.Geteuid() != 0 {
		require.Equal(t, filepath.Join(dir, homeName), place)
		return
	}
	require.Equal(t, cfg.OutOfReach, filepath.Dir(filepath.Dir(place)))
	info, err := os.Stat(place)
	require.NoError(t, err)
	require.Equal(t, fs.FileMode(0o700), info.Mode().Perm())

	t.Run("Again", func(t *testing.T) {
		require.Equal(t, 1, query[int](t, start(t, cfg), "SELECT n FROM kept"))
		require.Equal(t, place, homeOf(t, dir).path)
	})
	t.Run("Moved", func(t *testing.T) {
		dir = filepath.Join(closed, "moved")
		require.NoError(t, os.Rename(cfg.DataDir, dir))
		cfg.DataDir = dir
		require.Equal(t, 1, query[int](t, start(t, cfg), "SELECT n FROM kept"))
		require.Equal(t, place, homeOf(t, dir).path)
	})
	base := filepath.Dir(place)
	claims := func(t *testing.T, dataDir string) (bool, error) {
		t.Helper()
		f, err := openFolder(Config{DataDir: dataDir})
		require.NoError(t, err)
		return f.claims(base)
	}
	t.Run("Copied", func(t *testing.T) {
		copied := filepath.Join(closed, "copied")
		require.NoError(t, os.CopyFS(copied, os.DirFS(dir)))
		mine, err := claims(t, copied)
		require.NoError(t, err)
		require.False(t, mine)
		mine, err = claims(t, dir)
		require.NoError(t, err)
		require.True(t, mine)
	})
	t.Run("WritableByOthers", func(t *testing.T) {
		require.NoError(t, os.Chmod(base, 0o777))
		_, err := Start(t.Context(), cfg)
		require.ErrorContains(t, err, "nobody else may write")
	})
	t.Run("Gone", func(t *testing.T) {
		require.NoError(t, os.RemoveAll(base))
		mine, err := claims(t, dir)
		require.NoError(t, err)
		require.False(t, mine)
	})
}
