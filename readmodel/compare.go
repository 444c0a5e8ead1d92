package readmodel

import (
	"context"
	"fmt"

	"github.com/brickboard/brickboard/domain"
)

// States is what the views of all these collectors are now, by one query.
func (r *Reader) States(ctx context.Context, collectors []domain.CollectorID) (map[domain.CollectorID]State, error) {
	ids := make([]string, len(collectors))
	for i, id := range collectors {
		ids[i] = string(id)
	}
	rows, err := r.q.CollectorRevisionsCompare(ctx, r.pool, ids)
	if err != nil {
		return nil, fmt.Errorf("read revisions: %w", err)
	}
	states := make(map[domain.CollectorID]State, len(rows))
	for _, row := range rows {
		id := domain.CollectorID(row.UserID)
		states[id] = State{Epoch: wireEpoch(row.Epoch, id), Revision: row.Revision}
	}
	return states, nil
}
