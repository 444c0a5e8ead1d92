// Package house holds the tests of the project's structure.
package house

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const module = "github.com/brickboard/brickboard/"

// mayImport says of each room which of our rooms it may import. cmd/brickboard may import all.
var mayImport = map[string][]string{
	"domain":                          nil,
	"domain/command":                  {"domain", "queries", "internal/messaging"},
	"projections":                     {"domain", "queries", "readmodel", "internal/messaging"},
	"readmodel":                       {"domain", "queries"},
	"importers":                       {"domain"},
	"demo":                            {"domain", "domain/command"},
	"transport/auth":                  {"domain"},
	"transport/rest":                  {"domain", "domain/command", "readmodel", "internal/messaging", "transport/auth"},
	"transport/admin":                 nil,
	"transport/webui":                 nil,
	"transport/live":                  {"domain", "internal/messaging", "readmodel", "transport/auth", "transport/live/engineio", "transport/live/plain", "transport/live/rules", "transport/live/socketio"},
	"transport/live/engineio":         nil,
	"transport/live/plain":            nil,
	"transport/live/rules":            {"readmodel"},
	"transport/live/socketio":         {"transport/live/engineio"},
	"queries":                         nil,
	"migrations":                      nil,
	"internal/messaging":              nil,
	"internal/certificate":            nil,
	"internal/coverage":               nil,
	"internal/embeddedpg":             nil,
	"internal/generated":              nil,
	"internal/house":                  nil,
	"internal/testsupport":            {"internal/embeddedpg", "migrations"},
	"internal/testsupport/echoserver": {"transport/live/engineio", "transport/live/socketio"},
	"internal/bench":                  {"domain", "domain/command", "internal/embeddedpg", "internal/messaging", "migrations", "projections", "queries", "readmodel", "transport/auth", "transport/live", "transport/live/rules", "transport/rest"},
}

func TestImports_StayInTheHouse(t *testing.T) {
	t.Parallel()
	for room, imports := range imports(t) {
		if room == "cmd/brickboard" {
			continue
		}
		allowed, known := mayImport[room]
		require.True(t, known, "%s is a new room: say here what it may import", room)
		for _, imported := range imports {
			require.True(t, slices.Contains(allowed, imported), "%s must not import %s", room, imported)
		}
	}
}

// imports are those of each of our packages, without its tests, among ours.
func imports(t *testing.T) map[string][]string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "list", "-json=ImportPath,Imports", module+"...")
	out, err := cmd.Output()
	require.NoError(t, err)
	rooms := map[string][]string{}
	decoder := json.NewDecoder(strings.NewReader(string(out)))
	for {
		var p struct {
			ImportPath string
			Imports    []string
		}
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			return rooms
		} else {
			require.NoError(t, err)
		}
		room := strings.TrimPrefix(p.ImportPath, module)
		rooms[room] = nil
		for _, imported := range p.Imports {
			if ours, ok := strings.CutPrefix(imported, module); ok {
				rooms[room] = append(rooms[room], ours)
			}
		}
	}
}
