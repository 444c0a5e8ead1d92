package rules

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/brickboard/brickboard/readmodel"
)

const testEpoch = "epoch-of-the-test-0001"

// loaded is a client that has its snapshot, at revision 5.
func loaded(t *testing.T) *Follower {
	t.Helper()
	f := NewFollower()
	require.Empty(t, f.Since())
	require.True(t, f.Fetch())
	require.False(t, f.Fetch()) // one at a time
	f.Fetched(readmodel.State{Epoch: testEpoch, Revision: 5}, readmodel.DashboardView{})
	require.False(t, f.Fetch())
	return f
}

func summary(revision, mocs int64) *readmodel.Envelope {
	return &readmodel.Envelope{
		Type: readmodel.SummaryUpdated, Payload: &readmodel.DashboardSummary{TotalMOCs: mocs}, Revision: revision, Epoch: testEpoch,
	}
}

func change(previous, revision int64, upserted ...readmodel.PartialPartsMOC) *readmodel.Envelope {
	return &readmodel.Envelope{
		Type: readmodel.PartialPartsChanged, Payload: &readmodel.PartialPartsChange{Upserted: upserted},
		Revision: revision, Previous: &previous, Epoch: testEpoch,
	}
}

func TestFollower_Receive(t *testing.T) {
	t.Parallel()
	keep := readmodel.PartialPartsMOC{ID: uuid.New(), Title: "Keep"}

	t.Run("OldIsDropped", func(t *testing.T) {
		t.Parallel()
		f := loaded(t)
		f.Receive(summary(5, 9))
		require.Zero(t, f.View.Summary.TotalMOCs)
		f.Receive(summary(7, 9))
		f.Receive(summary(6, 8))
		require.EqualValues(t, 9, f.View.Summary.TotalMOCs)
		require.False(t, f.Fetch())
		require.Equal(t, testEpoch+".5", f.Since()) // the other sections' revision
	})
	t.Run("DifferenceThatBeginsBeforeOrAtOurs", func(t *testing.T) {
		t.Parallel()
		for _, previous := range []int64{3, 5} {
			f := loaded(t)
			f.Receive(change(previous, 7, keep))
			require.Len(t, f.View.PartialPartsMOCs, 1)
			require.False(t, f.Fetch())
		}
	})
	t.Run("GapIsFetched", func(t *testing.T) {
		t.Parallel()
		f := loaded(t)
		f.Receive(change(6, 7, keep))
		require.Empty(t, f.View.PartialPartsMOCs)
		require.True(t, f.Fetch())
		f.Receive(change(7, 8, keep)) // again, during the fetch
		f.Fetched(readmodel.State{Epoch: testEpoch, Revision: 7}, readmodel.DashboardView{})
		require.True(t, f.Fetch())
	})
	t.Run("AnotherEpochIsFetched", func(t *testing.T) {
		t.Parallel()
		f := loaded(t)
		e := summary(9, 9)
		e.Epoch = "epoch-of-the-test-0002"
		f.Receive(e)
		require.Zero(t, f.View.Summary.TotalMOCs)
		require.True(t, f.Fetch())
		f.Fetched(readmodel.State{Epoch: e.Epoch, Revision: 1}, readmodel.DashboardView{Summary: readmodel.DashboardSummary{TotalMOCs: 4}})
		require.EqualValues(t, 4, f.View.Summary.TotalMOCs)
		require.Equal(t, e.Epoch+".1", f.Since())
	})
	t.Run("ResyncIsFetchedAndAnErrorIsNot", func(t *testing.T) {
		t.Parallel()
		f := loaded(t)
		f.Receive(readmodel.NewFailed(readmodel.State{}, "TOKEN_EXPIRED", "", time.Now()))
		require.False(t, f.Fetch())
		f.Receive(readmodel.NewResync(readmodel.State{}, readmodel.OtherEpoch, time.Now()))
		require.True(t, f.Fetch())
	})
	t.Run("AFailedFetchIsStillWanted", func(t *testing.T) {
		t.Parallel()
		f := loaded(t)
		f.Connected(false)
		require.True(t, f.Fetch())
		f.FetchFailed()
		f.Connected(true)
		require.True(t, f.Fetch())
	})
	t.Run("TheHigherRevisionOfASectionWins", func(t *testing.T) {
		t.Parallel()
		f := loaded(t)
		f.Receive(summary(8, 9))
		f.Fetched(readmodel.State{Epoch: testEpoch, Revision: 7}, readmodel.DashboardView{
			PartialPartsMOCs: []readmodel.PartialPartsMOC{keep}, Summary: readmodel.DashboardSummary{TotalMOCs: 7},
		})
		require.EqualValues(t, 9, f.View.Summary.TotalMOCs)
		require.Len(t, f.View.PartialPartsMOCs, 1)
	})
}
