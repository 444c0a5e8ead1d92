package projections

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/brickboard/brickboard/queries"
)

// unnamedHolder is what is said of a lock whose holder was not seen.
const unnamedHolder = "waits for a lock"

// lockHolders looks, until ctx is done, who holds what the server process pid waits for.
func (e *Engine) lockHolders(ctx context.Context, pid uint32) string {
	found := unnamedHolder
	tick := time.NewTicker(lockTimeout / 5)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return found
		}
		if rows, err := e.q.TransactionHolders(ctx, e.pool, int32(pid)); err == nil && len(rows) > 0 {
			found = describeHolders(rows)
		}
	}
}

func describeHolders(rows []queries.TransactionHoldersRow) string {
	words := make([]string, len(rows))
	for i, r := range rows {
		began := time.Now().Add(-time.Duration(r.AgeSeconds * float64(time.Second))).UTC().Truncate(time.Second)
		words[i] = fmt.Sprintf("process %d (application %q) in a transaction since %s, for %.0f s",
			r.PID, r.ApplicationName, began.Format(time.RFC3339), r.AgeSeconds)
	}
	return "waits for a lock of " + strings.Join(words, " and ")
}
