package readmodel

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write the examples of envelopes in transport/testdata anew")

// TestEnvelope_Examples holds an envelope of every type against the wire examples, which the page's tests read too.
func TestEnvelope_Examples(t *testing.T) {
	t.Parallel()
	at := time.Date(2025, 11, 16, 18, 30, 5, 120_000_000, time.UTC)
	state := State{Epoch: "q0Zt3mXv5sWnYb1cRkPfUA", Revision: 43}
	previous := int64(42)
	id := uuid.MustParse("019a8e5c-7b1d-7c3a-9f42-5d8e6f1a2b3c")
	cover := "https://example.org/razor-crest.jpg?a=1&b=2"
	summary := DashboardSummary{TotalMOCs: 6, TotalWishlistItems: 4}
	recent := RecentMOC{ID: id, Title: "Razor Crest", Theme: "Star Wars", BuildStatus: "BUILT", CoverImageURL: &cover, CreatedAt: Time(at)}
	partial := PartialPartsMOC{ID: id, Title: "Razor Crest", Theme: "Star Wars", BuildStatus: "BUILT", CoveragePercentage: 85, LastUpdatedAt: Time(at)}
	examples := []*Envelope{
		newEnvelope(SummaryUpdated, summary, state, nil, at),
		newEnvelope(ThemeBreakdownUpdated, []ThemeStats{{Theme: "Farm", MOCCount: 2, SetCount: 11}}, state, nil, at),
		newEnvelope(RecentMOCAdded, recent, state, &previous, at),
		newEnvelope(RecentMOCsUpdated, []RecentMOC{recent}, state, nil, at),
		newEnvelope(PartialPartsUpdated, []PartialPartsMOC{}, state, nil, at),
		newEnvelope(PartialPartsChanged, PartialPartsChange{Upserted: []PartialPartsMOC{partial}, Removed: []uuid.UUID{id}}, state, &previous, at),
		NewResync(State{}, OtherEpoch, at),
		NewFailed(State{}, "TOKEN_EXPIRED", "the token has expired", at),
	}
	got, err := json.MarshalIndent(examples, "", "  ")
	require.NoError(t, err)

	path := filepath.Join("..", "transport", "testdata", "envelopes.json")
	if *update {
		require.NoError(t, os.WriteFile(path, append(got, '\n'), 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, string(want), string(got)+"\n")
}
