package command

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/brickboard/brickboard/domain"
)

func encodeMOC(m domain.MOC) (Answer, error) {
	return Answer{Status: 201, Location: "/api/mocs/" + m.ID.String(), ETag: `"1"`, Body: []byte(m.ID.String())}, nil
}

func (b bundle) addOnce(t *testing.T, key Key, title string) (Answer, error) {
	t.Helper()
	return b.service.AddMOCOnce(t.Context(), AddMOC{b.id, domain.MOCDraft{Title: title, Theme: "Castle"}}, key, encodeMOC)
}

func TestService_AddMOCOnce_AnswersTheSameAgain(t *testing.T) {
	t.Parallel()
	b := setup(t)
	key := Key{"k", []byte("f")}
	first, err := b.addOnce(t, key, "Keep")
	require.NoError(t, err)
	again, err := b.addOnce(t, key, "Keep")
	require.NoError(t, err)
	require.Equal(t, first, again)
	require.Len(t, b.events(t), 1)
	_, err = b.addOnce(t, Key{"k", []byte("g")}, "Keep")
	require.ErrorIs(t, err, domain.ErrKeyReused)
	other, err := b.addOnce(t, Key{"l", []byte("f")}, "Keep")
	require.NoError(t, err)
	require.NotEqual(t, first, other)
}

func TestService_AddMOCOnce_ErrorsAreNotKept(t *testing.T) {
	t.Parallel()
	b := setup(t)
	key := Key{"k", []byte("f")}
	_, err := b.addOnce(t, key, "")
	require.Error(t, err)
	_, err = b.addOnce(t, key, "Keep")
	require.NoError(t, err)
}

func TestService_AddMOCOnce_AtTheSameMomentWaits(t *testing.T) {
	t.Parallel()
	b := setup(t)
	var (
		together sync.WaitGroup
		answers  [8]Answer
		failures [8]error
	)
	for i := range answers {
		together.Go(func() { answers[i], failures[i] = b.addOnce(t, Key{"k", []byte("f")}, "Keep") })
	}
	together.Wait()
	for i := range answers {
		require.NoError(t, failures[i])
		require.Equal(t, answers[0], answers[i])
	}
	require.Len(t, b.events(t), 1)
}

func TestService_AddMOCOnce_KeysExpire(t *testing.T) {
	t.Parallel()
	b := setup(t)
	now := time.Now()
	b.service.now = func() time.Time { return now }
	key := Key{"k", []byte("f")}
	first, err := b.addOnce(t, key, "Keep")
	require.NoError(t, err)
	now = now.Add(KeyLifetime)
	again, err := b.addOnce(t, key, "Keep")
	require.NoError(t, err)
	require.Equal(t, first, again)
	deleted, err := b.service.PurgeKeys(t.Context(), 10)
	require.NoError(t, err)
	require.Zero(t, deleted)

	now = now.Add(time.Second)
	anew, err := b.addOnce(t, Key{"k", []byte("other request")}, "Keep")
	require.NoError(t, err)
	require.NotEqual(t, first, anew)
	now = now.Add(KeyLifetime + time.Second)
	deleted, err = b.service.PurgeKeys(t.Context(), 10)
	require.NoError(t, err)
	require.EqualValues(t, 1, deleted)
}

func TestService_PurgeKeys_LeavesWhatIsTakenOverMeanwhile(t *testing.T) {
	t.Parallel()
	b := setup(t)
	_, err := b.addOnce(t, Key{"k", []byte("f")}, "Keep")
	require.NoError(t, err)
	later := time.Now().Add(KeyLifetime + time.Minute)
	b.service.now = func() time.Time { return later }
	takeover, err := b.pool.Begin(t.Context())
	require.NoError(t, err)
	_, err = takeover.Exec(t.Context(), "UPDATE idempotency_keys SET created_at = $1", later)
	require.NoError(t, err)

	purged := make(chan int64, 1)
	go func() {
		deleted, err := b.service.PurgeKeys(context.WithoutCancel(t.Context()), 10)
		assert.NoError(t, err)
		purged <- deleted
	}()
	require.Eventually(t, func() bool {
		var waits bool
		err := b.pool.QueryRow(t.Context(), `SELECT EXISTS (SELECT FROM pg_stat_activity
			WHERE datname = current_database() AND wait_event_type = 'Lock')`).Scan(&waits)
		return err == nil && waits
	}, 10*time.Second, time.Millisecond)
	require.NoError(t, takeover.Commit(t.Context()))
	require.Zero(t, <-purged)
}
