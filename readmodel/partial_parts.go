package readmodel

import (
	"github.com/google/uuid"

	"github.com/brickboard/brickboard/queries"
)

// PartialPartsMOC is a MOC whose parts are partly on hand or on order: all of them, in the order of lastUpdatedAt, then
// id, descending. CoveragePercentage is whole and floored; 100 when everything is covered but not all is owned.
type PartialPartsMOC struct {
	ID                 uuid.UUID `json:"id"`
	Title              string    `json:"title"`
	Theme              string    `json:"theme"`
	BuildStatus        string    `json:"buildStatus"`
	CoveragePercentage int32     `json:"coveragePercentage"`
	LastUpdatedAt      Time      `json:"lastUpdatedAt"`
}

func partialPartsMOCOf(row queries.PartialPartsReadRow) PartialPartsMOC {
	return PartialPartsMOC{
		ID: row.ID, Title: row.Title, Theme: row.Theme, BuildStatus: row.BuildStatus,
		CoveragePercentage: row.CoveragePercentage, LastUpdatedAt: Time(row.LastUpdatedAt),
	}
}
