package domain

// MaxParts bounds each count of a parts list.
const MaxParts = 1_000_000

// Parts counts a MOC's parts list in single parts: Owned and Ordered are disjoint, and together at most Total.
type Parts struct {
	Total, Owned, Ordered int
}

// CoverageStatus says how much of a parts list is owned or ordered.
type CoverageStatus string

// The coverage statuses, as they are stored and sent.
const (
	FullInventory  CoverageStatus = "FULL_INVENTORY"  // there are parts, and all are owned
	PartialOrdered CoverageStatus = "PARTIAL_ORDERED" // some are owned or ordered
	NoCoverage     CoverageStatus = "NONE"            // nothing is, or there are no parts
)

// CoverageStatus follows from the counts alone.
func (p Parts) CoverageStatus() CoverageStatus {
	switch {
	case p.Total > 0 && p.Owned == p.Total:
		return FullInventory
	case p.Owned+p.Ordered == 0:
		return NoCoverage
	default:
		return PartialOrdered
	}
}

// CoveragePercentage is the share of parts owned or ordered in whole percent, floored: 100 only when every part is
// covered; 0 for an empty list.
func (p Parts) CoveragePercentage() int {
	if p.Total == 0 {
		return 0
	}
	return 100 * (p.Owned + p.Ordered) / p.Total
}

func (r *rules) parts(p Parts) {
	r.count("parts.total", p.Total, 0, MaxParts)
	r.count("parts.owned", p.Owned, 0, MaxParts)
	r.count("parts.ordered", p.Ordered, 0, MaxParts)
	if p.Owned >= 0 && p.Ordered >= 0 && p.Owned+p.Ordered > p.Total {
		r.broken("parts", "owned and ordered together must not exceed total")
	}
}
