package domain

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestParts_Coverage(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		parts      Parts
		status     CoverageStatus
		percentage int
	}{
		"Empty":                {Parts{0, 0, 0}, NoCoverage, 0},
		"Nothing":              {Parts{10, 0, 0}, NoCoverage, 0},
		"AllOwned":             {Parts{10, 10, 0}, FullInventory, 100},
		"AllOrdered":           {Parts{10, 0, 10}, PartialOrdered, 100},
		"CoveredNotOwned":      {Parts{10, 9, 1}, PartialOrdered, 100},
		"OneShort":             {Parts{13355, 13351, 0}, PartialOrdered, 99},
		"BarelyAny":            {Parts{1_000_000, 1, 0}, PartialOrdered, 0},
		"FlooredNotRounded":    {Parts{3, 1, 1}, PartialOrdered, 66},
		"LargestStillOneShort": {Parts{MaxParts, MaxParts - 1, 0}, PartialOrdered, 99},
	} {
		require.Equal(t, c.status, c.parts.CoverageStatus(), name)
		require.Equal(t, c.percentage, c.parts.CoveragePercentage(), name)
	}
}

func TestParts_CoverageIsNeverRoundedUp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		total := rapid.IntRange(0, MaxParts).Draw(t, "total")
		owned := rapid.IntRange(0, total).Draw(t, "owned")
		p := Parts{total, owned, rapid.IntRange(0, total-owned).Draw(t, "ordered")}
		covered := p.Owned + p.Ordered
		require.LessOrEqual(t, p.CoveragePercentage()*p.Total, 100*covered)
		require.Equal(t, total > 0 && covered == total, p.CoveragePercentage() == 100)
	})
}
