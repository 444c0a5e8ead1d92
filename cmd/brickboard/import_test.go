package main

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// file writes a file of the test's own.
func file(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
	return path
}

func wantedList(t *testing.T, lots ...[2]int) string {
	t.Helper()
	var items strings.Builder
	for i, lot := range lots {
		fmt.Fprintf(&items, "<ITEM><ITEMTYPE>P</ITEMTYPE><ITEMID>%d</ITEMID><COLOR>1</COLOR><MINQTY>%d</MINQTY><QTYFILLED>%d</QTYFILLED></ITEM>\n", 3000+i, lot[0], lot[1])
	}
	return file(t, "wanted.xml", "<INVENTORY>\n"+items.String()+"</INVENTORY>\n")
}

// Files are imported by programs of their own while the server runs on the same data folder; it shows them at once.
func TestImport_BesideAServer(t *testing.T) {
	t.Parallel()
	dir := dataDir(t)
	p := startServer(t, "--data-dir", dir, "--poll-interval", "1h")
	importing := func(args ...string) (string, string, int) {
		return runOnce(t, append([]string{"import", "--data-dir", dir, "--log-level", "error"}, args...)...)
	}
	moc := []string{"moc", "--user", "ada", "--title", "Ghost", "--theme", "Star Wars"}
	list := wantedList(t, [2]int{100, 99}, [2]int{-1, 3}, [2]int{5, 9})
	out, stderr, status := importing(append(moc, list)...)
	require.Zero(t, status, stderr)
	require.Equal(t, "added: Ghost (Star Wars), 105 parts in 2 lots, 104 owned, coverage 99 %\nleft out: 1 without a limit (MINQTY -1)\n", out)
	out, _, status = importing(append(moc, list)...)
	require.Zero(t, status)
	require.Contains(t, out, "already there: Ghost")

	sets := file(t, "sets.csv", "Number,Theme,Set name,Qty owned\r\n10497-1,Icons,Galaxy Explorer,2,,,\r\n497-1,Space,\"Galaxy \"\"Explorer\"\"\",1\r\n\r\n\r\n")
	out, stderr, status = importing("sets", "--user", "ada", sets)
	require.Zero(t, status, stderr)
	require.Equal(t, "added: 2 sets, 3 by quantity\n", out)
	out, _, _ = importing("sets", "--user", "ada", sets)
	require.Equal(t, "added: 0 sets, 0 by quantity\nalready there: 10497-1\nalready there: 497-1\n", out)

	broken := file(t, "broken.csv", "Number,Theme,Set name,Qty owned\n1-1,A,B,1\n2-1,A,B,many\n")
	_, stderr, status = importing("sets", "--user", "ada", broken)
	require.Equal(t, 1, status)
	require.Contains(t, stderr, "broken.csv: line 3 (row 2)")
	_, stderr, status = importing(append(moc, file(t, "x.xml", "<INVENTORY><ITEM><MINQTY>1</MINQTY></ITEM><ITEM><MINQTY>x</MINQTY></ITEM></INVENTORY>"))...)
	require.Equal(t, 1, status)
	require.Contains(t, stderr, "row 2")

	d := p.as(t, "ada").eventually(t, func(d dashboard) bool { return len(d.ThemeBreakdown) == 3 })
	require.Equal(t, 1, d.Summary.TotalMocs)
	require.Equal(t, 99, d.PartialPartsMocs[0].CoveragePercentage)
	var page struct{ Items []struct{ Quantity int } }
	require.Equal(t, http.StatusOK, p.as(t, "ada").do("GET", "/api/sets", nil, &page))
	require.Len(t, page.Items, 2, "the broken files changed nothing")
}
