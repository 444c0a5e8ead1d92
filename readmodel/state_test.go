package readmodel

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// Clients bring states back: what is not one, to the letter, is refused.
func TestParseState(t *testing.T) {
	t.Parallel()
	const epoch = "q0Zt3mXv5sWn-b1_RkPfUA"
	for text, want := range map[string]State{
		epoch + ".0":                    {epoch, 0},
		epoch + ".9223372036854775807":  {epoch, 1<<63 - 1},
		strings.Repeat("e", 16) + ".7":  {strings.Repeat("e", 16), 7},
		strings.Repeat("e", 64) + ".7":  {strings.Repeat("e", 64), 7},
		"":                              {},
		epoch:                           {},
		epoch + ".":                     {},
		".7":                            {},
		epoch + ".07":                   {},
		epoch + ".+7":                   {},
		epoch + ".-7":                   {},
		epoch + ".7.7":                  {},
		epoch + ".7 ":                   {},
		epoch + ".9223372036854775808":  {},
		strings.Repeat("e", 15) + ".7":  {},
		strings.Repeat("e", 65) + ".7":  {},
		strings.Repeat("e", 20) + "+.7": {},
		strings.Repeat("é", 10) + ".7":  {},
		`"` + epoch + `.7"`:             {},
	} {
		got, err := ParseState(text)
		require.Equal(t, want, got, "%q", text)
		require.Equal(t, want == State{}, err != nil, "%q", text)
		if err == nil {
			require.Equal(t, text, got.String())
		}
	}
}

func TestTime_SortsAsText(t *testing.T) {
	t.Parallel()
	moment := rapid.Custom(func(t *rapid.T) time.Time {
		zone := time.FixedZone("", rapid.IntRange(-14, 14).Draw(t, "zone")*3600)
		return time.UnixMilli(rapid.Int64Range(0, 4e12).Draw(t, "ms")).In(zone)
	})
	rapid.Check(t, func(t *rapid.T) {
		one, other := moment.Draw(t, "one"), moment.Draw(t, "other")
		a, b := Time(one).String(), Time(other).String()
		require.Equal(t, one.Compare(other), strings.Compare(a, b))
		var read Time
		require.NoError(t, read.UnmarshalText([]byte(a)))
		require.True(t, one.Equal(time.Time(read)))
	})
}
