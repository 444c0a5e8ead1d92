package main

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/errgroup"

	"github.com/brickboard/brickboard/domain"
	"github.com/brickboard/brickboard/readmodel"
)

// torn reads views while their collector changes 300 times a second, each time all counts at once, and looks for views
// whose sections do not agree.
func torn(ctx context.Context, b *bench) error {
	const collector, rate = "torn", 300
	took := 10 * time.Second
	if err := fill(ctx, b.pool, collector, 20); err != nil {
		return err
	}
	if err := b.change(ctx, collector, 1); err != nil {
		return err
	}
	reader := readmodel.NewReader(b.pool, 0)
	ctx, cancel := context.WithTimeout(ctx, took)
	defer cancel()
	var writer errgroup.Group
	writer.Go(func() error { return b.keepChanging(ctx, collector, rate) })
	found, read := 0, 0
	for ctx.Err() == nil {
		state, view, err := reader.View(ctx, domain.CollectorID(collector))
		if ctx.Err() != nil {
			break
		}
		if err != nil {
			return err
		}
		read++
		if view.Summary.TotalWishlistItems != state.Revision || view.ThemeBreakdown[0].SetCount != state.Revision {
			found++
		}
	}
	b.figure(fmt.Sprintf("views read under %d writes a second", rate), float64(read), "views")
	b.figure("torn", float64(found), "views", atMost(0))
	return writer.Wait()
}

func (b *bench) keepChanging(ctx context.Context, collector string, rate int) error {
	tick := time.NewTicker(time.Second / time.Duration(rate))
	defer tick.Stop()
	for n := 2; ; n++ {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return nil
		}
		if err := b.change(ctx, collector, n); err != nil && ctx.Err() == nil {
			return err
		}
	}
}

// change makes every count that torn looks at the same.
func (b *bench) change(ctx context.Context, collector string, n int) error {
	batch := &pgx.Batch{}
	batch.Queue("UPDATE collector_revisions SET revision = $2, summary_revision = $2 WHERE user_id = $1", collector, n)
	batch.Queue("UPDATE dashboard_summary SET total_wishlist_items = $2 WHERE user_id = $1", collector, n)
	batch.Queue("UPDATE theme_stats SET set_count = $2 WHERE user_id = $1", collector, n)
	return b.pool.SendBatch(ctx, batch).Close()
}
