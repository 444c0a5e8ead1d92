package rules

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/brickboard/brickboard/readmodel"
)

// Who joins when a change is read already, and not yet told to those who follow, is told of it once.
func TestRoom_WhoJoinsAtAChangeIsToldOnce(t *testing.T) {
	t.Parallel()
	told := map[string]int{}
	r, now := NewRoom[string](), time.Now()
	work := func(flush bool, revision int64) {
		job, _ := r.Next(now)
		require.NotNil(t, job)
		require.Equal(t, flush, job.IsFlush())
		changes := &readmodel.Changes{
			State: readmodel.State{Epoch: "epoch", Revision: revision}, Sections: readmodel.Revisions{readmodel.Summary: revision},
			Before: job.Since, Summary: &readmodel.DashboardSummary{},
		}
		r.Done(job, changes, now, func(m *Member[string], envelopes []*readmodel.Envelope, _ readmodel.State) bool {
			told[m.Session] += len(envelopes)
			return true
		})
	}
	before := readmodel.State{Epoch: "epoch", Revision: 1}
	r.Join(NewMember("follows", false, before))
	work(false, 1)
	r.Join(NewMember("joins", false, before))
	r.Hear(2)
	work(false, 2)
	require.Equal(t, map[string]int{"follows": 0, "joins": 1}, told)
	work(true, 2)
	require.Equal(t, map[string]int{"follows": 1, "joins": 1}, told)
}
