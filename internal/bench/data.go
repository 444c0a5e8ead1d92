package main

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5/pgxpool"
)

// fill gives a collector n MOCs in 12 themes, 20 sets and 5 wishlist items. Whatever n, the same is shown: at most 20
// MOCs are partly covered. The read model is computed from the write model, in one statement a table.
func fill(ctx context.Context, pool *pgxpool.Pool, collector string, n int) error {
	for _, sql := range []string{
		`INSERT INTO mocs SELECT $1, gen_random_uuid(), 'A castle with a title of usual length, number ' || i, 'Theme ' || i % 12,
			(ARRAY['ADDED', 'IN_PROGRESS', 'BUILT'])[1 + i % 3], 'https://images.example.org/mocs/' || i || '/cover.jpg', 1000,
			CASE WHEN i <= 20 THEN 500 ELSE 1000 * (i % 2) END, 0, 1, now() - i * interval '1 s', now() - i * interval '1 s'
			FROM generate_series(1, $2::int) i`,
		`INSERT INTO sets SELECT $1, gen_random_uuid(), i || '-1', 'A set', 'Theme ' || i % 15, 1, 1, now(), now() FROM generate_series(1, 20) i WHERE $2::int > 0`,
		`INSERT INTO wishlist_items SELECT $1, gen_random_uuid(), 'SET', 'A wish', NULL, NULL, 1, now(), now() FROM generate_series(1, 5) i WHERE $2::int > 0`,
		`INSERT INTO collector_revisions VALUES ($1, 1, 1, 1, 1, 1, least($2::int, 0))`,
		`INSERT INTO dashboard_summary SELECT $1, $2::int, 5, sum((build_status = 'ADDED')::int), sum((build_status = 'IN_PROGRESS')::int),
			sum((build_status = 'BUILT')::int), sum((parts_owned = 1000)::int), sum((parts_owned = 500)::int), sum((parts_owned = 0)::int) FROM mocs WHERE user_id = $1`,
		`INSERT INTO theme_stats SELECT $1, theme, sum(m), sum(s) FROM (SELECT theme, 1 AS m, 0 AS s FROM mocs WHERE user_id = $1
			UNION ALL SELECT theme, 0, quantity FROM sets WHERE user_id = $1) x WHERE $2::int > 0 GROUP BY theme`,
		`INSERT INTO recent_mocs SELECT user_id, id, title, theme, build_status, cover_image_url, created_at FROM mocs
			WHERE user_id = $1 AND $2::int > 0 ORDER BY created_at DESC, id DESC LIMIT 10`,
		`INSERT INTO partial_parts SELECT user_id, id, title, theme, build_status, 50, updated_at FROM mocs WHERE user_id = $1 AND parts_owned = 500 AND $2::int > 0`,
	} {
		if _, err := pool.Exec(ctx, sql, collector, n); err != nil {
			return fmt.Errorf("fill %s with %d MOCs: %w", collector, n, err)
		}
	}
	return nil
}
