package main

import (
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
)

func TestGenerated_IsUpToDate(t *testing.T) {
	t.Parallel()
	root := os.DirFS("../..")
	written, err := fs.ReadFile(root, sumFile)
	require.NoError(t, err)
	sum, err := Sum(root)
	require.NoError(t, err)
	require.Equal(t, strings.TrimSpace(string(written)), sum, "something that code is generated from has changed, or the code: run 'make generate'")
}

func TestSum_SeesEveryChange(t *testing.T) {
	t.Parallel()
	files := fstest.MapFS{"queries/mocs.sql": {Data: []byte("a")}, "queries/mocs.sql.go": {Data: []byte("b")}}
	before, err := Sum(files)
	require.NoError(t, err)
	for name, change := range map[string]func(fstest.MapFS){
		"SourceChanged": func(m fstest.MapFS) { m["queries/mocs.sql"] = &fstest.MapFile{Data: []byte("c")} },
		"ResultEdited":  func(m fstest.MapFS) { m["queries/mocs.sql.go"] = &fstest.MapFile{Data: []byte("c")} },
		"SourceAdded":   func(m fstest.MapFS) { m["migrations/0001_x.sql"] = &fstest.MapFile{} },
		"SourceRemoved": func(m fstest.MapFS) { delete(m, "queries/mocs.sql") },
	} {
		changed := fstest.MapFS{"queries/mocs.sql": files["queries/mocs.sql"], "queries/mocs.sql.go": files["queries/mocs.sql.go"]}
		change(changed)
		after, err := Sum(changed)
		require.NoError(t, err)
		require.NotEqual(t, before, after, name)
	}
}
