package readmodel

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// The encoding is that of encoding/json, to the byte, whatever collectors call their MOCs.
func TestAppendView_IsWhatEncodingJSONSays(t *testing.T) {
	t.Parallel()
	text := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"plain", `"quoted" \`, "<b>&", "é ✨ \u2028", "a\x7fb", "broken \xff"}))
	id := rapid.Custom(func(t *rapid.T) uuid.UUID {
		return uuid.UUID(rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "id"))
	})
	moment := rapid.Custom(func(t *rapid.T) Time {
		return Time(time.UnixMilli(rapid.Int64Range(0, 4e12).Draw(t, "ms")))
	})
	rapid.Check(t, func(t *rapid.T) {
		cover := text.Draw(t, "cover")
		view := DashboardView{
			Summary: DashboardSummary{TotalMOCs: rapid.Int64().Draw(t, "total")},
			ThemeBreakdown: rapid.SliceOfN(rapid.Custom(func(t *rapid.T) ThemeStats {
				return ThemeStats{text.Draw(t, "theme"), rapid.Int64().Draw(t, "mocs"), 7}
			}), 0, 3).Draw(t, "themes"),
			RecentMOCs: []RecentMOC{
				{id.Draw(t, "id"), text.Draw(t, "title"), text.Draw(t, "theme"), "BUILT", &cover, moment.Draw(t, "at")},
				{id.Draw(t, "id"), text.Draw(t, "title"), "Castle", "ADDED", nil, moment.Draw(t, "at")},
			},
			PartialPartsMOCs: []PartialPartsMOC{{id.Draw(t, "id"), text.Draw(t, "title"), "Space", text.Draw(t, "status"), rapid.Int32().Draw(t, "percent"), moment.Draw(t, "at")}},
		}
		want, err := json.Marshal(view)
		require.NoError(t, err)
		got, err := appendView(nil, view)
		require.NoError(t, err)
		require.Equal(t, string(want), string(got))
	})
}
