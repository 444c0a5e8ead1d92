-- What the projected state and the read tables should hold, for rebuild and verify: the projected state as it follows
-- from the write model, the read tables as they follow from the projected state. recent_mocs is not among them: its ten
-- are picked collector by collector. stored_collectors: of whom anything is stored, and how many rows there are.

-- +goose Up
CREATE VIEW computed_projected_mocs AS
SELECT user_id, id, version, deleted_at IS NOT NULL AS deleted, title, theme, build_status, cover_image_url,
    CASE WHEN parts_total > 0 AND parts_owned = parts_total THEN 'FULL_INVENTORY'
        WHEN parts_owned + parts_ordered = 0 THEN 'NONE'
        ELSE 'PARTIAL_ORDERED' END AS coverage_status,
    CASE WHEN parts_total = 0 THEN 0 ELSE 100 * (parts_owned + parts_ordered) / parts_total END AS coverage_percentage,
    created_at, updated_at
FROM mocs;

CREATE VIEW computed_projected_sets AS
SELECT user_id, id, version, deleted_at IS NOT NULL AS deleted, theme, quantity FROM sets;

CREATE VIEW computed_projected_wishlist_items AS
SELECT user_id, id, version, deleted_at IS NOT NULL AS deleted FROM wishlist_items;

CREATE VIEW computed_dashboard_summary AS
SELECT user_id, count(build_status) AS total_mocs, count(*) - count(build_status) AS total_wishlist_items,
    count(*) FILTER (WHERE build_status = 'ADDED') AS mocs_added,
    count(*) FILTER (WHERE build_status = 'IN_PROGRESS') AS mocs_in_progress,
    count(*) FILTER (WHERE build_status = 'BUILT') AS mocs_built,
    count(*) FILTER (WHERE coverage_status = 'FULL_INVENTORY') AS mocs_full_inventory,
    count(*) FILTER (WHERE coverage_status = 'PARTIAL_ORDERED') AS mocs_partial_ordered,
    count(*) FILTER (WHERE coverage_status = 'NONE') AS mocs_none
FROM (
    SELECT user_id, build_status, coverage_status FROM projected_mocs WHERE NOT deleted
    UNION ALL
    SELECT user_id, NULL, NULL FROM projected_wishlist_items WHERE NOT deleted
) counted
GROUP BY user_id;

CREATE VIEW computed_theme_stats AS
SELECT user_id, theme, sum(mocs)::bigint AS moc_count, sum(sets)::bigint AS set_count
FROM (
    SELECT user_id, theme, 1 AS mocs, 0 AS sets FROM projected_mocs WHERE NOT deleted
    UNION ALL
    SELECT user_id, theme, 0, quantity FROM projected_sets WHERE NOT deleted
) counted
GROUP BY user_id, theme;

CREATE VIEW computed_partial_parts AS
SELECT user_id, id, title, theme, build_status, coverage_percentage, updated_at AS last_updated_at
FROM projected_mocs WHERE NOT deleted AND coverage_status = 'PARTIAL_ORDERED';

CREATE VIEW stored_collectors AS
SELECT user_id, count(*) AS rows FROM mocs GROUP BY user_id
UNION ALL SELECT user_id, count(*) FROM sets GROUP BY user_id
UNION ALL SELECT user_id, count(*) FROM wishlist_items GROUP BY user_id
UNION ALL SELECT user_id, count(*) FROM projected_mocs GROUP BY user_id
UNION ALL SELECT user_id, count(*) FROM projected_sets GROUP BY user_id
UNION ALL SELECT user_id, count(*) FROM projected_wishlist_items GROUP BY user_id
UNION ALL SELECT user_id, 1 FROM dashboard_summary
UNION ALL SELECT user_id, count(*) FROM theme_stats GROUP BY user_id
UNION ALL SELECT user_id, count(*) FROM recent_mocs GROUP BY user_id
UNION ALL SELECT user_id, count(*) FROM partial_parts GROUP BY user_id;

-- +goose Down
DROP VIEW stored_collectors;
DROP VIEW computed_partial_parts;
DROP VIEW computed_theme_stats;
DROP VIEW computed_dashboard_summary;
DROP VIEW computed_projected_wishlist_items;
DROP VIEW computed_projected_sets;
DROP VIEW computed_projected_mocs;
