package readmodel

import "github.com/brickboard/brickboard/queries"

// DashboardSummary counts MOCs and wishlist items. Each of the two breakdowns adds up to TotalMOCs.
type DashboardSummary struct {
	TotalMOCs            int64                `json:"totalMocs"`
	TotalWishlistItems   int64                `json:"totalWishlistItems"`
	MOCsByBuildStatus    MOCsByBuildStatus    `json:"mocsByBuildStatus"`
	MOCsByCoverageStatus MOCsByCoverageStatus `json:"mocsByCoverageStatus"`
}

// MOCsByBuildStatus counts MOCs.
type MOCsByBuildStatus struct {
	Added      int64 `json:"ADDED"`
	InProgress int64 `json:"IN_PROGRESS"`
	Built      int64 `json:"BUILT"`
}

// MOCsByCoverageStatus counts MOCs.
type MOCsByCoverageStatus struct {
	FullInventory  int64 `json:"FULL_INVENTORY"`
	PartialOrdered int64 `json:"PARTIAL_ORDERED"`
	None           int64 `json:"NONE"`
}

func summaryOf(row queries.DashboardSummaryReadRow) DashboardSummary {
	return DashboardSummary{
		TotalMOCs:          row.TotalMOCs,
		TotalWishlistItems: row.TotalWishlistItems,
		MOCsByBuildStatus:  MOCsByBuildStatus{Added: row.MOCsAdded, InProgress: row.MOCsInProgress, Built: row.MOCsBuilt},
		MOCsByCoverageStatus: MOCsByCoverageStatus{
			FullInventory: row.MOCsFullInventory, PartialOrdered: row.MOCsPartialOrdered, None: row.MOCsNone,
		},
	}
}
