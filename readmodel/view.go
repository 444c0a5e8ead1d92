package readmodel

// DashboardView is everything that a collector's dashboard shows, at one revision. Its lists are never null.
type DashboardView struct {
	Summary          DashboardSummary  `json:"summary"`
	ThemeBreakdown   []ThemeStats      `json:"themeBreakdown"`
	RecentMOCs       []RecentMOC       `json:"recentMocs"`
	PartialPartsMOCs []PartialPartsMOC `json:"partialPartsMocs"`
}
