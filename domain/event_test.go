package domain

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write the golden files anew")

func someEvents(t *testing.T) []Event {
	t.Helper()
	moc := goodMOC(t)
	moc.CoverImageURL = ptr("https://example.org/keep.jpg")
	set, err := NewSet("ada", someID, SetDraft{"10497-1", "Galaxy Explorer", "Icons", 2}, someTime)
	require.NoError(t, err)
	item, err := NewWishlistItem("ada", someID, WishlistDraft{Kind: WishedSet, Title: "Rivendell", Reference: ptr("10316-1")}, someTime)
	require.NoError(t, err)
	deletedMOC, deletedSet, deletedItem := moc.Deleted(someTime), set.Deleted(someTime), item.Deleted(someTime)
	id := uuid.MustParse("01890a5d-ac96-774b-bcce-b302099a8058")
	return []Event{
		{ID: id, Type: MOCAdded, MOC: &moc}, {ID: id, Type: MOCChanged, MOC: &moc}, {ID: id, Type: MOCDeleted, MOC: &deletedMOC},
		{ID: id, Type: SetAdded, Set: &set}, {ID: id, Type: SetChanged, Set: &set}, {ID: id, Type: SetDeleted, Set: &deletedSet},
		{ID: id, Type: WishlistItemAdded, WishlistItem: &item}, {ID: id, Type: WishlistItemDeleted, WishlistItem: &deletedItem},
	}
}

// encoded is how metadata is stored.
func encoded(t *testing.T, metadata map[string]string) []byte {
	t.Helper()
	text, err := json.Marshal(metadata)
	require.NoError(t, err)
	return text
}

func TestEvent_EncodeAndDecode(t *testing.T) {
	t.Parallel()
	for _, event := range someEvents(t) {
		metadata, payload, err := event.Encode()
		require.NoError(t, err)
		decoded, err := DecodeEvent(encoded(t, metadata), payload)
		require.NoError(t, err)
		require.Equal(t, event, decoded)
		require.Equal(t, strings.Contains(string(event.Type), "deleted"), decoded.Deletes())
		require.Equal(t, CollectorID("ada"), decoded.Collector())
	}
}

// What was ever written stays readable: the golden file of a version never changes.
func TestEvent_GoldenPayloads(t *testing.T) {
	t.Parallel()
	for _, event := range someEvents(t) {
		metadata, payload, err := event.Encode()
		require.NoError(t, err)
		file := filepath.Join("testdata", "events", string(event.Type)+".json")
		if *update {
			require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
			require.NoError(t, os.WriteFile(file, append(payload, '\n'), 0o644))
		}
		golden, err := os.ReadFile(file)
		require.NoError(t, err)
		require.JSONEq(t, string(golden), string(payload), event.Type)
		decoded, err := DecodeEvent(encoded(t, metadata), golden)
		require.NoError(t, err)
		require.Equal(t, event, decoded)
	}
}

func TestDecodeEvent_Refuses(t *testing.T) {
	t.Parallel()
	good, payload, err := someEvents(t)[0].Encode()
	require.NoError(t, err)
	for name, wrong := range map[string][2]string{
		"UnknownType":     {MetadataType, "moc.added.v2"},
		"NoType":          {MetadataType, ""},
		"EventID":         {MetadataEventID, "x"},
		"AggregateID":     {MetadataAggregateID, ""},
		"NoCollector":     {MetadataCollector, ""},
		"VersionZero":     {MetadataVersion, "0"},
		"VersionNoNumber": {MetadataVersion, "one"},
	} {
		metadata := map[string]string{}
		for k, v := range good {
			metadata[k] = v
		}
		metadata[wrong[0]] = wrong[1]
		_, err := DecodeEvent(encoded(t, metadata), payload)
		require.Error(t, err, name)
	}
	for _, broken := range []string{"", "{", `"x"`, `{"type":1}`} {
		_, err := DecodeEvent([]byte(broken), payload)
		require.ErrorContains(t, err, "metadata", broken)
	}
	for _, broken := range []string{"", "{", `"x"`, `{"title":1}`} {
		_, err := DecodeEvent(encoded(t, good), []byte(broken))
		require.Error(t, err, broken)
	}
}
