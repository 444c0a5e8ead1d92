package rest

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write the wire examples of transport/testdata anew")

// TestWire_Examples holds answers against the wire examples, which other programs' tests read too.
func TestWire_Examples(t *testing.T) {
	t.Parallel()
	b := setup(t)
	const id = "019a8e5c-7b1d-7c3a-9f42-5d8e6f1a2b3c"
	b.exec(t, `INSERT INTO mocs (user_id, id, title, theme, build_status, cover_image_url, parts_total, parts_owned, parts_ordered, version, created_at, updated_at)
		VALUES ('alice', $1, 'Razor Crest', 'Star Wars', 'IN_PROGRESS', 'https://example.org/razor-crest.jpg?a=1&b=2', 1200, 900, 120, 3, '2025-11-16T18:30:05Z', '2025-11-16T18:31:00.12Z')`, id)
	b.exec(t, `INSERT INTO sets (user_id, id, set_number, name, theme, quantity, version, created_at, updated_at)
		VALUES ('alice', $1, '10497-1', 'Galaxy Explorer', 'Icons', 2, 1, '2025-11-16T18:30:05.007Z', '2025-11-16T18:30:05.007Z')`, id)
	b.exec(t, `INSERT INTO wishlist_items (user_id, id, kind, title, reference, theme, version, created_at, updated_at)
		VALUES ('alice', $1, 'SET', 'Millennium Falcon', '75192-1', NULL, 1, '2025-11-16T18:30:05Z', '2025-11-16T18:30:05Z')`, id)
	b.fillDashboard(t, "alice", 42, 2)
	for file, a := range map[string]*answer{
		"dashboard.json":             b.get(t, "alice", "/api/dashboard"),
		"dashboard_empty.json":       b.get(t, "nobody", "/api/dashboard"),
		"moc.json":                   b.get(t, "alice", "/api/mocs/"+id),
		"moc_page.json":              b.get(t, "alice", "/api/mocs"),
		"set.json":                   b.get(t, "alice", "/api/sets/"+id),
		"wishlist_item.json":         b.get(t, "alice", "/api/wishlist/"+id),
		"problem_unauthorized.json":  b.get(t, "", "/api/mocs"),
		"problem_not_found.json":     b.get(t, "bob", "/api/mocs/"+id),
		"problem_validation.json":    b.post(t, "alice", "/api/mocs", `{"title":"","theme":"Farm","parts":{"total":1,"owned":-1,"ordered":0}}`),
		"problem_precondition.json":  b.send(t, request{method: "DELETE", path: "/api/mocs/" + id, as: "alice", header: header("If-Match", `"2"`)}),
		"problem_unknown_field.json": b.post(t, "alice", "/api/mocs", `{"title":"Barn","theme":"Farm","colour":"red"}`),
	} {
		holdExample(t, file, a.Body)
	}
}

func holdExample(t *testing.T, file string, body []byte) {
	t.Helper()
	var got bytes.Buffer
	require.NoError(t, json.Indent(&got, body, "", "  "))
	got.WriteByte('\n')
	plain := regexp.MustCompile(`"requestId": "[0-9a-f]{16}"`).ReplaceAll(got.Bytes(), []byte(`"requestId": "9f86d081884c7d65"`))
	path := filepath.Join("..", "testdata", file)
	if *update {
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, plain, 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, string(want), string(plain), file)
}
