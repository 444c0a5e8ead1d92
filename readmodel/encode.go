package readmodel

import (
	"encoding/json"
	"strconv"
	"time"

	"github.com/google/uuid"
)

// rowSize is about the bytes of a row in JSON, more than most have.
const rowSize = 240

// appendView appends the view as encoding/json encodes it, byte for byte. Encoding is a good part of what a read costs
// that no cache answers, and this is several times as quick.
func appendView(b []byte, v DashboardView) ([]byte, error) {
	summary, err := json.Marshal(v.Summary)
	if err != nil {
		return nil, err
	}
	b = append(append(b, `{"summary":`...), summary...)
	b = appendList(append(b, `,"themeBreakdown":`...), v.ThemeBreakdown, appendThemeStats)
	b = appendList(append(b, `,"recentMocs":`...), v.RecentMOCs, appendRecentMOC)
	b = appendList(append(b, `,"partialPartsMocs":`...), v.PartialPartsMOCs, appendPartialPartsMOC)
	return append(b, '}'), nil
}

func appendList[T any](b []byte, list []T, appendItem func([]byte, *T) []byte) []byte {
	b = append(b, '[')
	for i := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendItem(b, &list[i])
	}
	return append(b, ']')
}

func appendThemeStats(b []byte, t *ThemeStats) []byte {
	b = appendText(append(b, `{"theme":`...), t.Theme)
	b = strconv.AppendInt(append(b, `,"mocCount":`...), t.MOCCount, 10)
	b = strconv.AppendInt(append(b, `,"setCount":`...), t.SetCount, 10)
	return append(b, '}')
}

func appendRecentMOC(b []byte, m *RecentMOC) []byte {
	b = appendMOC(b, m.ID, m.Title, m.Theme, m.BuildStatus)
	b = append(b, `,"coverImageUrl":`...)
	if m.CoverImageURL == nil {
		b = append(b, "null"...)
	} else {
		b = appendText(b, *m.CoverImageURL)
	}
	b = appendTime(append(b, `,"createdAt":`...), m.CreatedAt)
	return append(b, '}')
}

func appendPartialPartsMOC(b []byte, m *PartialPartsMOC) []byte {
	b = appendMOC(b, m.ID, m.Title, m.Theme, m.BuildStatus)
	b = strconv.AppendInt(append(b, `,"coveragePercentage":`...), int64(m.CoveragePercentage), 10)
	b = appendTime(append(b, `,"lastUpdatedAt":`...), m.LastUpdatedAt)
	return append(b, '}')
}

// appendMOC begins an object with the fields that all rows of MOCs have.
func appendMOC(b []byte, id uuid.UUID, title, theme, buildStatus string) []byte {
	b = append(append(append(b, `{"id":"`...), id.String()...), `","title":`...)
	b = appendText(b, title)
	b = appendText(append(b, `,"theme":`...), theme)
	return appendText(append(b, `,"buildStatus":`...), buildStatus)
}

func appendTime(b []byte, t Time) []byte {
	return append(time.Time(t).UTC().AppendFormat(append(b, '"'), wireTime), '"')
}

// appendText copies what needs no escape, which is most, and leaves the rest to encoding/json.
func appendText(b []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c >= 0x7f || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&' {
			escaped, _ := json.Marshal(s) // a string does not fail
			return append(b, escaped...)
		}
	}
	return append(append(append(b, '"'), s...), '"')
}
