package messaging

import (
	"context"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/brickboard/brickboard/internal/testsupport"
)

func TestSubscription_Run(t *testing.T) {
	t.Parallel()
	endsIn := func(t *testing.T, s *server, limit time.Duration) error {
		began := time.Now()
		err := s.stop()
		require.Less(t, time.Since(began), limit)
		return err
	}

	t.Run("EndsWhileItWaits", func(t *testing.T) {
		t.Parallel()
		db, in := testsupport.Database(t), new(inbox)
		config := testConfig()
		config.PollInterval = never
		uuids := appendNew(t, db, Collection0, 1)
		s := startServer(t, db, config, in.handle)
		in.await(t, uuids...)
		require.NoError(t, endsIn(t, s, 3*time.Second))
	})

	t.Run("EndsBeforeItBegan", func(t *testing.T) {
		t.Parallel()
		db := testsupport.Database(t)
		s := startServer(t, db, testConfig(), new(inbox).handle)
		require.NoError(t, endsIn(t, s, 3*time.Second))
	})

	t.Run("EndsTheHandlersContext", func(t *testing.T) {
		t.Parallel()
		db := testsupport.Database(t)
		handling := make(chan struct{})
		var ended error
		uuids := appendNew(t, db, Collection0, 1)
		s := startServer(t, db, testConfig(), func(ctx context.Context, _ string, _ []Record) error {
			close(handling)
			<-ctx.Done()
			ended = ctx.Err()
			return ended
		})
		<-handling
		require.NoError(t, endsIn(t, s, 3*time.Second))
		require.ErrorIs(t, ended, context.Canceled)

		in := new(inbox) // nothing of it counts as handled
		startServer(t, db, testConfig(), in.handle)
		in.await(t, uuids...)
	})

	t.Run("TellsThatAHandlerDoesNotReturn", func(t *testing.T) {
		t.Parallel()
		db := testsupport.Database(t)
		handling, release := make(chan struct{}), make(chan struct{})
		t.Cleanup(func() { close(release) })
		config := testConfig()
		config.CloseTimeout = 100 * time.Millisecond
		appendNew(t, db, Collection0, 1)
		s := startServer(t, db, config, func(context.Context, string, []Record) error {
			close(handling)
			<-release
			return nil
		})
		<-handling
		require.ErrorContains(t, endsIn(t, s, 3*time.Second), "close router")
	})

	t.Run("EndsWhileTheDatabaseIsAway", func(t *testing.T) {
		t.Parallel()
		base := testsupport.Database(t).Config()
		base.ConnConfig.Host, base.ConnConfig.Port = "127.0.0.1", 1 // nobody listens there
		base.ConnConfig.Fallbacks = nil
		db, err := pgxpool.NewWithConfig(t.Context(), base)
		require.NoError(t, err)
		t.Cleanup(db.Close)
		s := startServer(t, db, testConfig(), new(inbox).handle)
		require.NoError(t, endsIn(t, s, 3*time.Second))
	})
}
