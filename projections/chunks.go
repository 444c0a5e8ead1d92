package projections

import (
	"context"
	"fmt"

	"github.com/brickboard/brickboard/domain"
	"github.com/brickboard/brickboard/queries"
)

// The bounds of what a rebuild or a verification looks at in one statement; a collector with more rows comes alone.
const (
	chunkRows       = 4000 // of write model and read model together
	chunkCollectors = 400
)

// chunk is some collectors, in order.
type chunk struct {
	collectors []string
	rows       int64
}

// list is these collectors, or all of whom anything is stored, in chunks.
func list(ctx context.Context, q *queries.Queries, db queries.DBTX, users []domain.CollectorID) (chunks []chunk, total int, err error) {
	var rows []queries.CollectorsListRow
	if len(users) == 0 {
		rows, err = q.CollectorsList(ctx, db)
	} else {
		rows, err = listOf(ctx, q, db, users)
	}
	if err != nil {
		return nil, 0, fmt.Errorf("list collectors: %w", err)
	}
	return split(rows), len(rows), nil
}

func listOf(ctx context.Context, q *queries.Queries, db queries.DBTX, users []domain.CollectorID) (list []queries.CollectorsListRow, err error) {
	ids := make([]string, len(users))
	for i, id := range users {
		ids[i] = string(id)
	}
	rows, err := q.CollectorsListOf(ctx, db, ids)
	for _, row := range rows {
		list = append(list, queries.CollectorsListRow(row))
	}
	return list, err
}

func split(rows []queries.CollectorsListRow) (chunks []chunk) {
	var c chunk
	for _, r := range rows {
		if len(c.collectors) > 0 && (c.rows+r.Rows > chunkRows || len(c.collectors) == chunkCollectors) {
			chunks, c = append(chunks, c), chunk{}
		}
		c.collectors, c.rows = append(c.collectors, r.UserID), c.rows+r.Rows
	}
	if len(c.collectors) > 0 {
		chunks = append(chunks, c)
	}
	return chunks
}

// Progress says how far a rebuild or a verification has come, in collectors and in rows looked at.
type Progress struct {
	Collectors, TotalCollectors int
	Rows, TotalRows             int64
}

// add counts a chunk, or a part of it.
func (p *Progress) add(collectors int, rows int64) {
	p.Collectors += collectors
	p.Rows += rows
}

func newProgress(chunks []chunk, total int) *Progress {
	p := &Progress{TotalCollectors: total}
	for _, c := range chunks {
		p.TotalRows += c.rows
	}
	return p
}
