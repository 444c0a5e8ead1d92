package domain

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

// Every version of every event that was ever written has a golden file, and is read: there is one for each that can be
// written now, and none that cannot be read any more.
func TestDecodeEvent_EveryVersionEverWritten(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join("testdata", "events", "*.json"))
	require.NoError(t, err)
	var kept []string
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".json")
		require.Regexp(t, `^[a-z_]+\.[a-z]+\.v[1-9][0-9]*$`, name)
		payload, err := os.ReadFile(file)
		require.NoError(t, err)
		event, err := DecodeEvent(encoded(t, map[string]string{
			MetadataEventID: uuid.NewString(), MetadataType: name, MetadataCollector: "ada", MetadataAggregateID: someID.String(), MetadataVersion: "7",
		}), payload)
		require.NoError(t, err, name)
		id, version := event.Aggregate()
		require.Equal(t, someID, id, name)
		require.EqualValues(t, 7, version, name)
		require.Equal(t, CollectorID("ada"), event.Collector(), name)
		kept = append(kept, name)
	}
	for _, event := range someEvents(t) {
		require.Contains(t, kept, string(event.Type))
	}
}
