package main

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/errgroup"

	"github.com/brickboard/brickboard/domain"
	"github.com/brickboard/brickboard/internal/messaging"
	"github.com/brickboard/brickboard/projections"
)

const (
	rebuildMOCs       = 1_000_000
	rebuildCollectors = 10_000
	bigCollector      = "collector-big"
	bigMOCs           = 100_000
	rebuildWorkers    = 2
)

// rebuilding measures a rebuild from empty tables and over tables that are right, a verification, and the rebuild of one
// large collector, beside a plain TRUNCATE and INSERT ... SELECT of the same tables; and what live projection feels.
func rebuilding(ctx context.Context, b *bench) error {
	if err := b.emptyAll(ctx); err != nil {
		return err
	}
	if err := b.writeMOCs(ctx); err != nil {
		return err
	}
	var floor, empty, right, verify, big []float64 // seconds
	for range min(b.turns, 3) {
		for _, c := range []struct {
			seconds *[]float64
			before  string
			run     func(context.Context) error
		}{
			{&floor, "CHECKPOINT", b.truncateAndInsert},
			{&empty, "TRUNCATE " + readTables, b.rebuildAll},
			{&right, "CHECKPOINT", b.rebuildAll},
			{&verify, "CHECKPOINT", b.verifyAll},
			{&big, "DELETE FROM projected_mocs WHERE user_id = '" + bigCollector + "'", b.rebuildBig},
		} {
			if _, err := b.pool.Exec(ctx, c.before); err != nil {
				return err
			}
			began := time.Now()
			if err := c.run(ctx); err != nil {
				return err
			}
			*c.seconds = append(*c.seconds, time.Since(began).Seconds())
		}
	}
	b.figure("floor: TRUNCATE and INSERT ... SELECT", median(floor), "s")
	b.figure("from empty tables", median(empty), "s")
	b.figure("over tables that are right", median(right), "s")
	b.figure("verify", median(verify), "s")
	b.figure("the collector of 100,000 alone, gone", median(big), "s")
	b.ratio("from empty tables / floor", ratios(empty, floor), atMost(1.1))
	b.ratio("over right tables / floor", ratios(right, floor), atMost(0.7))
	b.ratio("verify / over right tables", ratios(verify, right), atMost(1))
	b.ratio("the large one / its share of the floor", ratios(big, floor)*rebuildMOCs/bigMOCs, atMost(1.5))
	if err := b.liveBesideRebuild(ctx); err != nil {
		return err
	}
	return b.emptyAll(ctx)
}

func (b *bench) writeMOCs(ctx context.Context) error {
	for _, sql := range []string{
		fmt.Sprintf(`INSERT INTO mocs SELECT CASE WHEN i <= %[2]d THEN '%[1]s' ELSE 'collector-' || i %% %[3]d END, gen_random_uuid(),
			'A castle with a title of usual length, number ' || i, 'Theme ' || i %% 12, (ARRAY['ADDED', 'IN_PROGRESS', 'BUILT'])[1 + i %% 3],
			'https://images.example.org/mocs/' || i || '/cover.jpg', 1000, i %% 5 * 250, 0, 1,
			now() - i * interval '1 s', now() - i * interval '1 s' FROM generate_series(1, %[4]d) i`, bigCollector, bigMOCs, rebuildCollectors-1, rebuildMOCs),
		fmt.Sprintf(`INSERT INTO sets SELECT 'collector-' || i, gen_random_uuid(), i || '-1', 'A set', 'Theme ' || i %% 15, 1, 1, now(), now()
			FROM generate_series(0, %d) i`, rebuildCollectors-2),
		"INSERT INTO collector_revisions (user_id) SELECT DISTINCT user_id FROM mocs",
		"VACUUM ANALYZE mocs, sets",
	} {
		if _, err := b.pool.Exec(ctx, sql); err != nil {
			return fmt.Errorf("write MOCs: %w", err)
		}
	}
	return nil
}

// truncateAndInsert is the floor: nobody can read or project meanwhile.
func (b *bench) truncateAndInsert(ctx context.Context) error {
	return pgx.BeginFunc(ctx, b.pool, func(tx pgx.Tx) error {
		for _, sql := range []string{
			"TRUNCATE " + readTables,
			`INSERT INTO projected_mocs SELECT user_id, id, version, deleted_at IS NOT NULL, title, theme, build_status, cover_image_url,
				CASE WHEN parts_total > 0 AND parts_owned = parts_total THEN 'FULL_INVENTORY' WHEN parts_owned + parts_ordered = 0 THEN 'NONE' ELSE 'PARTIAL_ORDERED' END,
				CASE WHEN parts_total = 0 THEN 0 ELSE 100 * (parts_owned + parts_ordered) / parts_total END, created_at, updated_at, 0, 0 FROM mocs`,
			"INSERT INTO projected_sets SELECT user_id, id, version, deleted_at IS NOT NULL, theme, quantity FROM sets",
			"INSERT INTO projected_wishlist_items SELECT user_id, id, version, deleted_at IS NOT NULL FROM wishlist_items",
		} {
			if _, err := tx.Exec(ctx, sql); err != nil {
				return err
			}
		}
		return insertReadTables(ctx, tx)
	})
}

func (b *bench) rebuildAll(ctx context.Context) error { return b.rebuildOf(ctx, nil) }
func (b *bench) rebuildBig(ctx context.Context) error {
	return b.rebuildOf(ctx, []domain.CollectorID{bigCollector})
}

func (b *bench) rebuildOf(ctx context.Context, users []domain.CollectorID) error {
	_, err := projections.NewRebuilder(b.pool, nobody{}).Run(ctx, users, rebuildWorkers, func(projections.Progress) {})
	return err
}

func (b *bench) verifyAll(ctx context.Context) error {
	verified, err := projections.NewVerifier(b.pool).Run(ctx, nil, rebuildWorkers, 1, func(projections.Progress) {})
	if err == nil && verified.DriftedRows > 0 {
		return fmt.Errorf("drift: %v", verified.Drifts)
	}
	return err
}

// liveBesideRebuild measures commit to projected of collectors that are not being rebuilt, without and with a rebuild.
func (b *bench) liveBesideRebuild(ctx context.Context) error {
	watch := &projected{at: map[string]time.Time{}}
	stop, service, err := b.startProjecting(ctx, watch)
	if err != nil {
		return err
	}
	measure := func() (latencies, error) {
		_, committed, err := issue(ctx, service, 50, 10*time.Second)
		if err != nil {
			return nil, err
		}
		return watch.lags(ctx, committed)
	}
	alone, err := measure()
	if err != nil {
		return err
	}
	rebuilding, cancel := context.WithCancel(ctx)
	var beside errgroup.Group
	beside.Go(func() error {
		for rebuilding.Err() == nil {
			if err := b.rebuildAll(rebuilding); err != nil && rebuilding.Err() == nil {
				return err
			}
		}
		return nil
	})
	meanwhile, err := measure()
	cancel()
	if err != nil {
		return err
	}
	b.latency("commit to projected, alone", alone)
	b.latency("commit to projected, beside a rebuild", meanwhile)
	b.ratio("p99 beside a rebuild / alone", float64(meanwhile.percentile(0.99))/float64(alone.percentile(0.99)), atMost(4))
	if err := beside.Wait(); err != nil {
		return err
	}
	return stop()
}

// nobody hears what is announced.
type nobody struct{}

func (nobody) Announce(context.Context, []messaging.Revision) error { return nil }
