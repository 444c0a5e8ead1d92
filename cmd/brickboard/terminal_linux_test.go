package main

import (
	"fmt"
	"io"
	"os"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/brickboard/brickboard/internal/testsupport"
)

// On a terminal a person sees how far a rebuild is, and logs as text; a program that starts it gets JSON alone.
func TestRebuild_OnATerminalAndWithout(t *testing.T) {
	t.Parallel()
	url := testsupport.DatabaseURL(t)
	conn := connect(t, url)
	execute(t, conn, loadOfMOCs, 4)

	screen, terminal := openTerminal(t)
	cmd := programWith(t, "rebuild-projections", "--database-url", url)
	cmd.Stderr = terminal
	require.NoError(t, cmd.Start())
	require.NoError(t, terminal.Close())
	shown, _ := io.ReadAll(screen) // ends with an error, when nobody has the terminal any more
	require.NoError(t, cmd.Wait())
	require.Regexp(t, `\r\x1b\[K\d of 4 collectors, \d+ rows/s, \d+s left`, string(shown))
	require.Regexp(t, `\r\x1b\[K$`, string(shown), "cleared in the end")
	require.Contains(t, string(shown), "level=WARN", "that the database is another one than before")

	execute(t, conn, noReadModel)
	execute(t, conn, "UPDATE database_identity SET timeline = '00000000'")
	out, stderr, status := runOnce(t, "rebuild-projections", "--database-url", url)
	require.Zero(t, status)
	require.Contains(t, out, "4 were mended")
	require.Contains(t, stderr, `"level":"WARN"`)
	require.NotContains(t, stderr, "rows/s")
}

// openTerminal makes a terminal that programs write to, and its screen, which reads that.
func openTerminal(t *testing.T) (screen, terminal *os.File) {
	t.Helper()
	screen, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	require.NoError(t, err)
	t.Cleanup(func() { _ = screen.Close() })
	fd := int(screen.Fd())
	require.NoError(t, unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0)) // unlocks it
	number, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	require.NoError(t, err)
	terminal, err = os.OpenFile(fmt.Sprint("/dev/pts/", number), os.O_RDWR|unix.O_NOCTTY, 0)
	require.NoError(t, err)
	t.Cleanup(func() { _ = terminal.Close() })
	return screen, terminal
}
