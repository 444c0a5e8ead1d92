package messaging

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/brickboard/brickboard/internal/testsupport"
)

func TestSubscription_Delivers(t *testing.T) {
	t.Parallel()

	t.Run("WhatCommitsWhileAnOlderTransactionIsOpen", func(t *testing.T) {
		t.Parallel()
		db, in := testsupport.Database(t), new(inbox)
		older, foreign := begin(t, db), begin(t, testsupport.Database(t))
		exec(t, foreign, `SELECT pg_current_xact_id()`)
		late := appendNew(t, older, Collection0, 3)
		before := appendNew(t, db, Collection0, 3)
		startServer(t, db, testConfig(), in.handle)
		in.await(t, before...)
		after := appendNew(t, db, Collection0, 3)
		in.await(t, after...)
		require.False(t, in.has(late[0]))
		commit(t, older)
		in.await(t, late...)
		require.Len(t, in.records(), 9)
	})

	t.Run("NothingThatRolledBack", func(t *testing.T) {
		t.Parallel()
		db, in := testsupport.Database(t), new(inbox)
		startServer(t, db, testConfig(), in.handle)
		tx := begin(t, db)
		kept := appendNew(t, tx, Collection1, 1)
		savepoint, err := tx.Begin(t.Context())
		require.NoError(t, err)
		appendNew(t, savepoint, Collection1, 1)
		require.NoError(t, savepoint.Rollback(t.Context()))
		savepoint, err = tx.Begin(t.Context())
		require.NoError(t, err)
		kept = append(kept, appendNew(t, savepoint, Collection1, 1)...)
		require.NoError(t, savepoint.Commit(t.Context()))
		commit(t, tx)
		in.await(t, kept...)
		require.Len(t, in.records(), 2)
	})

	t.Run("ATransactionInTheOrderOfItsMessages", func(t *testing.T) {
		t.Parallel()
		db, in := testsupport.Database(t), new(inbox)
		uuids := appendNew(t, db, Collection0, 100)
		config := testConfig()
		config.BatchSize = 7
		startServer(t, db, config, in.handle)
		in.await(t, uuids...)
		got := make([]string, 0, len(uuids))
		for _, r := range in.records() {
			got = append(got, r.UUID)
		}
		require.Equal(t, uuids, got)
		require.Equal(t, append(slices.Repeat([]int{7}, 14), 2), in.sizes())
	})

	t.Run("BatchesThatEndWhereTheBacklogEnds", func(t *testing.T) {
		t.Parallel()
		db, in := testsupport.Database(t), new(inbox)
		config := testConfig()
		config.BatchSize = 5
		first := appendNew(t, db, Collection0, 10)
		startServer(t, db, config, in.handle)
		in.await(t, first...)
		next := appendNew(t, db, Collection0, 5) // invisible in the snapshot that was being read
		in.await(t, next...)
		last := appendNew(t, db, Collection0, 1)
		in.await(t, last...)
		require.Equal(t, []int{5, 5, 5, 1}, in.sizes())
	})

	t.Run("ACutTransactionThatWasInProgress", func(t *testing.T) {
		t.Parallel()
		db, in := testsupport.Database(t), new(inbox)
		config := testConfig()
		config.BatchSize = 4
		startServer(t, db, config, in.handle)
		one, two := begin(t, db), begin(t, db)
		late := append(appendNew(t, one, Collection0, 9), appendNew(t, two, Collection0, 9)...)
		fresh := appendNew(t, db, Collection0, 1)
		in.await(t, fresh...) // the position has both in progress
		commit(t, two)
		commit(t, one)
		late = append(late, appendNew(t, db, Collection0, 9)...)
		in.await(t, late...)
		require.Len(t, in.records(), 28)
	})

	t.Run("ACutBatchAsItWasVisibleWhenItBegan", func(t *testing.T) {
		t.Parallel()
		db, in := testsupport.Database(t), new(inbox)
		config := testConfig()
		config.BatchSize = 2
		first := appendNew(t, db, Collection0, 2)
		open := begin(t, db)
		between := appendNew(t, open, Collection0, 1)
		last := appendNew(t, db, Collection0, 3)
		var batches atomic.Int32
		startServer(t, db, config, func(ctx context.Context, topic string, records []Record) error {
			if batches.Add(1) == 1 {
				commit(t, open)
			}
			return in.handle(ctx, topic, records)
		})
		in.await(t, slices.Concat(first, between, last)...)
		require.Equal(t, []int{2, 2, 1, 1}, in.sizes())
		require.Equal(t, between[0], in.records()[5].UUID)
	})

	t.Run("WhatIsNoEvent", func(t *testing.T) {
		t.Parallel()
		db, in := testsupport.Database(t), new(inbox)
		want := []Record{
			{UUID: "no metadata", Payload: []byte("{}")},
			{UUID: "no payload", Metadata: []byte("{}")},
			{UUID: "neither"},
			{UUID: "empty", Metadata: []byte("null"), Payload: []byte{}},
			{UUID: "garbage", Metadata: []byte(`["ü"]`), Payload: []byte{0, 0xff}},
		}
		for _, r := range want {
			var metadata *string
			if r.Metadata != nil {
				metadata = new(string(r.Metadata))
			}
			exec(t, db, `INSERT INTO watermill_collection_0 (uuid, payload, metadata, transaction_id) VALUES ($1, $2, $3, pg_current_xact_id())`,
				r.UUID, r.Payload, metadata)
		}
		startServer(t, db, testConfig(), in.handle)
		in.await(t, want[len(want)-1].UUID)
		require.Equal(t, want, in.records())
	})

	t.Run("LargeMessagesInBatchesOfBoundedSize", func(t *testing.T) {
		t.Parallel()
		db, in := testsupport.Database(t), new(inbox)
		for i, megabytes := range []int{1, 1, 10, 10, 20, 20, 1, 1} {
			exec(t, db, `INSERT INTO watermill_collection_0 (uuid, payload, transaction_id) VALUES ($1, $2, pg_current_xact_id())`,
				string(rune('a'+i)), bytes.Repeat([]byte("x"), megabytes<<20))
		}
		startServer(t, db, testConfig(), in.handle)
		in.await(t, "a", "b", "c", "d", "e", "f", "g", "h")
		require.Equal(t, []int{3, 1, 1, 1, 2}, in.sizes())
	})

	t.Run("GoesOnWhenTheRestOfACutBatchWasDeleted", func(t *testing.T) {
		t.Parallel()
		db, in := testsupport.Database(t), new(inbox)
		config := testConfig()
		config.BatchSize = 2
		uuids := appendNew(t, db, Collection0, 5)
		handled := make(chan struct{})
		first := startServer(t, db, config, func(context.Context, string, []Record) error {
			defer close(handled)
			exec(t, db, `DELETE FROM watermill_collection_0 WHERE uuid = ANY ($1)`, uuids[2:])
			return nil
		})
		<-handled
		require.Eventually(t, func() bool {
			return count(t, db, `SELECT count(*) FROM watermill_offsets_collection_0 WHERE position::text <> '1:1:' AND reading IS NULL`) == 1
		}, patience, tick)
		require.NoError(t, first.stop())
		startServer(t, db, config, in.handle)
		in.await(t, appendNew(t, db, Collection0, 1)...)
	})
}

func TestSubscription_DeliversAgain(t *testing.T) {
	t.Parallel()

	// fails runs a handler that misbehaves on its first attempt.
	fails := func(t *testing.T, change func(*SubscriptionConfig), misbehave func(context.Context) error) {
		db, in := testsupport.Database(t), new(inbox)
		config := testConfig()
		change(&config)
		var attempts atomic.Int32
		uuids := appendNew(t, db, Collection0, 3)
		startServer(t, db, config, func(ctx context.Context, topic string, records []Record) error {
			if attempts.Add(1) == 1 {
				return misbehave(ctx)
			}
			return in.handle(ctx, topic, records)
		})
		in.await(t, uuids...)
		require.EqualValues(t, 2, attempts.Load())
		require.Equal(t, []int{3}, in.sizes())
	}
	unchanged := func(*SubscriptionConfig) {}

	t.Run("AfterAnError", func(t *testing.T) {
		t.Parallel()
		fails(t, unchanged, func(context.Context) error { return errors.New("disk full") })
	})
	t.Run("AfterAPanic", func(t *testing.T) {
		t.Parallel()
		fails(t, unchanged, func(context.Context) error { panic("out of range") })
	})
	t.Run("AfterTheAckDeadline", func(t *testing.T) {
		t.Parallel()
		fails(t, func(c *SubscriptionConfig) { c.AckDeadline = 100 * time.Millisecond }, func(ctx context.Context) error {
			<-ctx.Done()
			return ctx.Err()
		})
	})

	t.Run("WhenTheConnectionWasLost", func(t *testing.T) {
		t.Parallel()
		db, in := testsupport.Database(t), new(inbox)
		var attempts atomic.Int32
		uuids := appendNew(t, db, Collection0, 3)
		startServer(t, db, testConfig(), func(ctx context.Context, topic string, records []Record) error {
			if attempts.Add(1) == 1 {
				require.NotZero(t, count(t, db, `SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
					WHERE application_name = 'brickboard subscriber' AND datname = current_database()`))
			}
			return in.handle(ctx, topic, records)
		})
		in.await(t, uuids...)
		require.Eventually(t, func() bool { return in.uuids()[uuids[0]] == 2 }, patience, tick)
	})

	t.Run("AfterTheTopicCouldNotBeRead", func(t *testing.T) {
		t.Parallel()
		db, in := testsupport.Database(t), new(inbox)
		exec(t, db, `ALTER TABLE watermill_collection_0 RENAME TO hidden`)
		uuids := []string{uuid.NewString()}
		exec(t, db, `INSERT INTO hidden (uuid, transaction_id) VALUES ($1, pg_current_xact_id())`, uuids[0])
		startServer(t, db, testConfig(), in.handle)
		in.await(t, appendNew(t, db, Collection1, 1)...) // the other topic does not care
		exec(t, db, `ALTER TABLE hidden RENAME TO watermill_collection_0`)
		in.await(t, uuids...)
	})
}
