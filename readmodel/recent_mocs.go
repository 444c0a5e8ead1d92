package readmodel

import (
	"github.com/google/uuid"

	"github.com/brickboard/brickboard/queries"
)

// RecentMOC is one of the ten MOCs created last, in the order of createdAt, then id, descending.
type RecentMOC struct {
	ID            uuid.UUID `json:"id"`
	Title         string    `json:"title"`
	Theme         string    `json:"theme"`
	BuildStatus   string    `json:"buildStatus"`
	CoverImageURL *string   `json:"coverImageUrl"`
	CreatedAt     Time      `json:"createdAt"`
}

func recentMOCOf(row queries.RecentMOCsReadRow) RecentMOC {
	return RecentMOC{
		ID: row.ID, Title: row.Title, Theme: row.Theme, BuildStatus: row.BuildStatus,
		CoverImageURL: row.CoverImageURL, CreatedAt: Time(row.CreatedAt),
	}
}
