package projections

import (
	"github.com/stretchr/testify/require"
)

// recomputed says of each table of the read model how it follows from the write model, in the plainest words.
var recomputed = map[string]struct{ table, fromWriteModel string }{
	"ProjectedMOCs": {
		`SELECT user_id, id, version, deleted, title, theme, build_status, cover_image_url, coverage_status,
			coverage_percentage, created_at, updated_at FROM projected_mocs`,
		`SELECT user_id, id, version, deleted_at IS NOT NULL, title, theme, build_status, cover_image_url,
			CASE WHEN parts_total > 0 AND parts_owned = parts_total THEN 'FULL_INVENTORY'
				WHEN parts_owned + parts_ordered = 0 THEN 'NONE' ELSE 'PARTIAL_ORDERED' END,
			CASE WHEN parts_total = 0 THEN 0 ELSE floor(100.0 * (parts_owned + parts_ordered) / parts_total)::integer END,
			created_at, updated_at FROM mocs`,
	},
	"ProjectedSets": {
		`SELECT user_id, id, version, deleted, theme, quantity FROM projected_sets`,
		`SELECT user_id, id, version, deleted_at IS NOT NULL, theme, quantity FROM sets`,
	},
	"ProjectedWishlistItems": {
		`SELECT user_id, id, version, deleted FROM projected_wishlist_items`,
		`SELECT user_id, id, version, deleted_at IS NOT NULL FROM wishlist_items`,
	},
	"DashboardSummary": {
		`SELECT * FROM dashboard_summary WHERE total_mocs + total_wishlist_items > 0`,
		`SELECT user_id, sum(moc), sum(wish), sum((s = 'ADDED')::int), sum((s = 'IN_PROGRESS')::int), sum((s = 'BUILT')::int),
			sum((c = 'FULL_INVENTORY')::int), sum((c = 'PARTIAL_ORDERED')::int), sum((c = 'NONE')::int)
		FROM (
			SELECT user_id, 1 AS moc, 0 AS wish, build_status AS s,
				CASE WHEN parts_total > 0 AND parts_owned = parts_total THEN 'FULL_INVENTORY'
					WHEN parts_owned + parts_ordered = 0 THEN 'NONE' ELSE 'PARTIAL_ORDERED' END AS c
			FROM mocs WHERE deleted_at IS NULL
			UNION ALL SELECT user_id, 0, 1, '', '' FROM wishlist_items WHERE deleted_at IS NULL
		) x GROUP BY user_id`,
	},
	"ThemeStats": {
		`SELECT * FROM theme_stats`,
		`SELECT user_id, theme, sum(m), sum(s) FROM (
			SELECT user_id, theme, 1 AS m, 0 AS s FROM mocs WHERE deleted_at IS NULL
			UNION ALL SELECT user_id, theme, 0, quantity FROM sets WHERE deleted_at IS NULL
		) x GROUP BY user_id, theme`,
	},
	"RecentMOCs": {
		`SELECT * FROM recent_mocs`,
		`SELECT user_id, id, title, theme, build_status, cover_image_url, created_at FROM (
			SELECT *, row_number() OVER (PARTITION BY user_id ORDER BY created_at DESC, id DESC) AS n
			FROM mocs WHERE deleted_at IS NULL
		) x WHERE n <= 10`,
	},
	"PartialParts": {
		`SELECT * FROM partial_parts`,
		`SELECT user_id, id, title, theme, build_status, (100 * (parts_owned + parts_ordered)) / parts_total, updated_at FROM mocs
		WHERE deleted_at IS NULL AND parts_owned + parts_ordered > 0 AND parts_owned < parts_total`,
	},
}

// requireRecomputed holds every table against the write model.
func (b bundle) requireRecomputed(t require.TestingT) {
	for name, r := range recomputed {
		require.Equal(t, b.dump(t, r.fromWriteModel), b.dump(t, r.table), name)
	}
}
