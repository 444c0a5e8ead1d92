package rest

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

// loose is how encoding/json reads a MOCDraft.
type loose struct {
	Title, Theme  *string
	BuildStatus   *string
	CoverImageURL *string `json:"coverImageUrl"`
	Parts         *struct{ Total, Owned, Ordered *int }
}

// FuzzDecode holds the strict decoder against encoding/json: what it accepts means the same there, and re-encoded has
// the same fields.
func FuzzDecode(f *testing.F) {
	for _, seed := range []string{
		mocBody, `{"title":"a","theme":"b","coverImageUrl":null}`, `{"title":"\ud83d\ude00","theme":"\\ud83d"}`, `{"title":"\ud83d"}`,
		`{"title":null}`, `{"title":"a","title":"b"}`, `{}`, `[]`, `{"parts":{"total":1.5}}`, `{"title":"�","theme":"\ufffd"}`, "{\"title\":\"\xff\"}",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		if wellFormed(raw) != nil {
			return
		}
		body, err := decode[MOCDraft](raw)
		if err != nil {
			return
		}
		var want loose
		require.NoError(t, json.Unmarshal(raw, &want), "encoding/json refuses what was accepted")
		require.Equal(t, *want.Title, body.Title)
		require.Equal(t, *want.Theme, body.Theme)
		require.Equal(t, want.CoverImageURL, body.CoverImageURL.Value)
		require.Equal(t, want.BuildStatus != nil, body.BuildStatus != nil)
		require.Equal(t, want.Parts != nil, body.Parts != nil)
		if want.Parts != nil {
			require.Equal(t, Parts{Total: *want.Parts.Total, Owned: *want.Parts.Owned, Ordered: *want.Parts.Ordered}, *body.Parts)
		}
		require.True(t, utf8.ValidString(body.Title))
		if !bytes.ContainsRune(raw, utf8.RuneError) && !bytes.Contains(bytes.ToLower(raw), []byte(`\ufffd`)) {
			require.NotContains(t, body.Title+body.Theme, string(utf8.RuneError), "something was replaced in silence")
		}
		var names map[string]json.RawMessage
		require.NoError(t, json.Unmarshal(raw, &names))
		for name := range names {
			require.Contains(t, []string{"title", "theme", "buildStatus", "coverImageUrl", "parts"}, name)
		}
	})
}

func TestDecode_NullableText(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]nullableText{
		`{}`: {}, `{"coverImageUrl":null}`: {Present: true}, `{"coverImageUrl":"x"}`: {Present: true, Value: new("x")},
	} {
		body, err := decode[MOCEdit]([]byte(raw))
		require.NoError(t, err)
		require.Equal(t, want, body.CoverImageURL)
	}
}

func TestTakesGzip_Preferences(t *testing.T) {
	t.Parallel()
	for list, want := range map[string]bool{
		"gzip": true, "gzip, deflate, br, zstd": true, "GZIP": true, "x-gzip": true, "deflate, gzip;q=0.5": true,
		"gzip ; q=1.0": true, "*": true, "br, *;q=0.1": true, "identity, gzip": true, "identity;q=0.5, gzip": true,
		"": false, "br": false, "gzip;q=0": false, "gzip;q=0.000": false, "*, gzip;q=0": false, "gzip;q=0, *": false, "*;q=0": false,
		"identity": false, "identity, gzip;q=0.5": false, "gzip;q=x": false, "gzip;q=2": false, "gzip;q=-1": false,
		"gzip;q=NaN": false, "gzip;level=9": false, "gzipped": false,
	} {
		require.Equal(t, want, takesGzip([]string{list}), "%s", list)
	}
	require.False(t, takesGzip(nil))
	require.True(t, takesGzip([]string{"br", "gzip"}))
}

func TestShortened_ValidUTF8(t *testing.T) {
	t.Parallel()
	require.True(t, utf8.ValidString(shortened(strings.Repeat("ü", 40)+"x"+strings.Repeat("€", 40))))
}
