package main

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/brickboard/brickboard/domain"
	"github.com/brickboard/brickboard/internal/messaging"
)

const readTables = `projected_mocs, projected_sets, projected_wishlist_items, dashboard_summary, theme_stats, recent_mocs, partial_parts`

// emptyAll leaves nothing of anybody.
func (b *bench) emptyAll(ctx context.Context) error {
	if err := b.emptyReadModel(ctx); err != nil {
		return err
	}
	_, err := b.pool.Exec(ctx, "TRUNCATE mocs, sets, wishlist_items, watermill_collection_0, watermill_collection_1")
	return err
}

// emptyReadModel makes every message one that is to come.
func (b *bench) emptyReadModel(ctx context.Context) error {
	for _, sql := range []string{
		"TRUNCATE " + readTables + ", collector_revisions, parked_events, watermill_live",
		"UPDATE watermill_offsets_collection_0 SET position = '1:1:', reading = NULL, cut_transaction_id = NULL, cut_offset = NULL",
		"UPDATE watermill_offsets_collection_1 SET position = '1:1:', reading = NULL, cut_transaction_id = NULL, cut_offset = NULL",
		"CHECKPOINT",
	} {
		if _, err := b.pool.Exec(ctx, sql); err != nil {
			return fmt.Errorf("empty the read model: %w", err)
		}
	}
	return nil
}

// writeBacklog writes events in transactions of a thousand: three of five add a MOC, two change one.
func (b *bench) writeBacklog(ctx context.Context, collectors int) error {
	const together = 1000
	var mocs []domain.MOC
	for n := 0; n < backlogEvents; {
		rows := map[string][][]any{}
		for range together {
			event := domain.Event{ID: uuid.Must(uuid.NewV7()), Type: domain.MOCAdded}
			if n%5 < 3 {
				mocs = append(mocs, mocOf(n, collectors))
				event.MOC = &mocs[len(mocs)-1]
			} else {
				moc := &mocs[n*7919%len(mocs)]
				moc.Version++
				moc.Parts.Owned = (moc.Parts.Owned + 37) % 1000
				event.Type, event.MOC = domain.MOCChanged, moc
			}
			topic, row, err := messageOf(event)
			if err != nil {
				return err
			}
			rows[topic] = append(rows[topic], row)
			n++
		}
		for topic, some := range rows {
			if err := b.insertMessages(ctx, topic, some); err != nil {
				return err
			}
		}
	}
	_, err := b.pool.Exec(ctx, "VACUUM ANALYZE watermill_collection_0, watermill_collection_1")
	return err
}

func mocOf(n, collectors int) domain.MOC {
	at := time.Date(2026, 1, 1, 0, 0, 0, n*int(time.Millisecond), time.UTC)
	cover := "https://images.example.org/mocs/1/cover.jpg"
	return domain.MOC{
		Collector: domain.CollectorID(fmt.Sprintf("collector-%d", n*31%collectors)), ID: uuid.Must(uuid.NewV7()),
		Title: "A castle with a title of usual length", Theme: fmt.Sprint("Theme ", n%12), BuildStatus: domain.Added, CoverImageURL: &cover,
		Parts: domain.Parts{Total: 1000, Owned: n % 3 * 500}, Version: 1, CreatedAt: at, UpdatedAt: at,
	}
}

func messageOf(e domain.Event) (topic string, row []any, err error) {
	metadata, payload, err := e.Encode()
	if err != nil {
		return "", nil, err
	}
	encoded, err := json.Marshal(metadata)
	return messaging.TopicFor(string(e.Collector())), []any{e.ID.String(), payload, string(encoded)}, err
}

func (b *bench) insertMessages(ctx context.Context, topic string, rows [][]any) error {
	return pgx.BeginFunc(ctx, b.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "CREATE TEMP TABLE staged (uuid text, payload bytea, metadata text) ON COMMIT DROP"); err != nil {
			return err
		}
		if _, err := tx.CopyFrom(ctx, pgx.Identifier{"staged"}, []string{"uuid", "payload", "metadata"}, pgx.CopyFromRows(rows)); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `INSERT INTO "watermill_`+topic+`" (uuid, payload, metadata, transaction_id)
			SELECT uuid, payload, metadata::json, pg_current_xact_id() FROM staged`)
		return err
	})
}

// foldOnServer is the floor: the whole backlog into empty tables, in as few statements as there are tables.
func (b *bench) foldOnServer(ctx context.Context) (float64, error) {
	began := time.Now()
	err := pgx.BeginFunc(ctx, b.pool, func(tx pgx.Tx) error {
		for _, sql := range []string{
			`CREATE TEMP TABLE newest ON COMMIT DROP AS
				SELECT DISTINCT ON (user_id, id) user_id, id, version, p ->> 'title' AS title, p ->> 'theme' AS theme, p ->> 'buildStatus' AS build_status,
					p ->> 'coverImageUrl' AS cover_image_url, (p ->> 'partsTotal')::int AS total, (p ->> 'partsOwned')::int AS owned,
					(p ->> 'partsOrdered')::int AS ordered, (p ->> 'createdAt')::timestamptz AS created_at, (p ->> 'updatedAt')::timestamptz AS updated_at
				FROM (
					SELECT metadata ->> 'user_id' COLLATE "C" AS user_id, (metadata ->> 'aggregate_id')::uuid AS id, (metadata ->> 'version')::bigint AS version,
						convert_from(payload, 'UTF8')::jsonb AS p
					FROM (SELECT metadata, payload FROM watermill_collection_0 UNION ALL SELECT metadata, payload FROM watermill_collection_1) m
				) e ORDER BY user_id, id, version DESC`,
			`ANALYZE newest`,
			`INSERT INTO projected_mocs SELECT user_id, id, version, false, title, theme, build_status, cover_image_url,
				CASE WHEN total > 0 AND owned = total THEN 'FULL_INVENTORY' WHEN owned + ordered = 0 THEN 'NONE' ELSE 'PARTIAL_ORDERED' END,
				CASE WHEN total = 0 THEN 0 ELSE 100 * (owned + ordered) / total END, created_at, updated_at, 1, 1 FROM newest
				ON CONFLICT (user_id, id) DO UPDATE SET version = excluded.version`,
			`INSERT INTO collector_revisions SELECT DISTINCT user_id, 1, 1, 1, 1, 1, 0 FROM newest`,
		} {
			if _, err := tx.Exec(ctx, sql); err != nil {
				return err
			}
		}
		return insertReadTables(ctx, tx)
	})
	return backlogEvents / time.Since(began).Seconds(), err
}

// insertReadTables fills empty read tables from the projected state in one statement each.
func insertReadTables(ctx context.Context, tx pgx.Tx) error {
	for _, sql := range []string{
		`INSERT INTO dashboard_summary SELECT user_id, sum(m), sum(1 - m), sum((b = 'ADDED')::int), sum((b = 'IN_PROGRESS')::int), sum((b = 'BUILT')::int),
			sum((c = 'FULL_INVENTORY')::int), sum((c = 'PARTIAL_ORDERED')::int), sum((c = 'NONE')::int) FROM (
			SELECT user_id, 1 AS m, build_status AS b, coverage_status AS c FROM projected_mocs WHERE NOT deleted
			UNION ALL SELECT user_id, 0, '', '' FROM projected_wishlist_items WHERE NOT deleted) x GROUP BY user_id`,
		`INSERT INTO theme_stats SELECT user_id, theme, sum(m), sum(s) FROM (
			SELECT user_id, theme, 1 AS m, 0 AS s FROM projected_mocs WHERE NOT deleted
			UNION ALL SELECT user_id, theme, 0, quantity FROM projected_sets WHERE NOT deleted) x GROUP BY user_id, theme`,
		`INSERT INTO recent_mocs SELECT user_id, id, title, theme, build_status, cover_image_url, created_at FROM (
			SELECT *, row_number() OVER (PARTITION BY user_id ORDER BY created_at DESC, id DESC) AS n FROM projected_mocs WHERE NOT deleted) x WHERE n <= 10`,
		`INSERT INTO partial_parts SELECT user_id, id, title, theme, build_status, coverage_percentage, updated_at
			FROM projected_mocs WHERE NOT deleted AND coverage_status = 'PARTIAL_ORDERED'`,
	} {
		if _, err := tx.Exec(ctx, sql); err != nil {
			return err
		}
	}
	return nil
}
