-- name: CollectorsDiffer :many
-- Every row of these collectors that is not as it is computed, and both states of it as JSON; null is no row. The
-- versions are 0 where they do not apply.
SELECT 'projected_mocs' AS table_name, coalesce(w.user_id, p.user_id)::text AS user_id, coalesce(w.id, p.id)::text AS key,
    coalesce(w.version, 0)::bigint AS written_version, coalesce(p.version, 0)::bigint AS projected_version,
    to_jsonb(p) AS present, to_jsonb(w) AS computed
FROM (SELECT * FROM computed_projected_mocs c WHERE c.user_id = ANY(@user_ids::text[])) w
FULL JOIN (SELECT m.user_id, m.id, m.version, m.deleted, m.title, m.theme, m.build_status, m.cover_image_url, m.coverage_status,
    m.coverage_percentage, m.created_at, m.updated_at FROM projected_mocs m WHERE m.user_id = ANY(@user_ids::text[])) p
    ON p.user_id = w.user_id AND p.id = w.id
WHERE (w.version, w.deleted, w.title, w.theme, w.build_status, w.cover_image_url, w.coverage_status, w.coverage_percentage,
    w.created_at, w.updated_at) IS DISTINCT FROM (p.version, p.deleted, p.title, p.theme, p.build_status, p.cover_image_url,
    p.coverage_status, p.coverage_percentage, p.created_at, p.updated_at)
UNION ALL
SELECT 'projected_sets', coalesce(w.user_id, p.user_id), coalesce(w.id, p.id)::text, coalesce(w.version, 0), coalesce(p.version, 0),
    to_jsonb(p), to_jsonb(w)
FROM (SELECT * FROM computed_projected_sets c WHERE c.user_id = ANY(@user_ids::text[])) w
FULL JOIN (SELECT * FROM projected_sets s WHERE s.user_id = ANY(@user_ids::text[])) p ON p.user_id = w.user_id AND p.id = w.id
WHERE (w.version, w.deleted, w.theme, w.quantity) IS DISTINCT FROM (p.version, p.deleted, p.theme, p.quantity)
UNION ALL
SELECT 'projected_wishlist_items', coalesce(w.user_id, p.user_id), coalesce(w.id, p.id)::text, coalesce(w.version, 0),
    coalesce(p.version, 0), to_jsonb(p), to_jsonb(w)
FROM (SELECT * FROM computed_projected_wishlist_items c WHERE c.user_id = ANY(@user_ids::text[])) w
FULL JOIN (SELECT * FROM projected_wishlist_items i WHERE i.user_id = ANY(@user_ids::text[])) p
    ON p.user_id = w.user_id AND p.id = w.id
WHERE (w.version, w.deleted) IS DISTINCT FROM (p.version, p.deleted)
UNION ALL
SELECT 'dashboard_summary', coalesce(c.user_id, p.user_id), '', 0, 0, to_jsonb(p), to_jsonb(c)
FROM (SELECT * FROM computed_dashboard_summary s WHERE s.user_id = ANY(@user_ids::text[])) c
FULL JOIN (SELECT * FROM dashboard_summary s WHERE s.user_id = ANY(@user_ids::text[])
    AND s.total_mocs + s.total_wishlist_items > 0) p ON p.user_id = c.user_id
WHERE (c.total_mocs, c.total_wishlist_items, c.mocs_added, c.mocs_in_progress, c.mocs_built, c.mocs_full_inventory,
    c.mocs_partial_ordered, c.mocs_none) IS DISTINCT FROM (p.total_mocs, p.total_wishlist_items, p.mocs_added,
    p.mocs_in_progress, p.mocs_built, p.mocs_full_inventory, p.mocs_partial_ordered, p.mocs_none)
UNION ALL
SELECT 'theme_stats', coalesce(c.user_id, p.user_id), coalesce(c.theme, p.theme), 0, 0, to_jsonb(p), to_jsonb(c)
FROM (SELECT * FROM computed_theme_stats s WHERE s.user_id = ANY(@user_ids::text[])) c
FULL JOIN (SELECT * FROM theme_stats s WHERE s.user_id = ANY(@user_ids::text[])) p ON p.user_id = c.user_id AND p.theme = c.theme
WHERE (c.moc_count, c.set_count) IS DISTINCT FROM (p.moc_count, p.set_count)
UNION ALL
SELECT 'recent_mocs', coalesce(c.user_id, p.user_id), coalesce(c.id, p.id)::text, 0, 0, to_jsonb(p), to_jsonb(c)
FROM (
    SELECT t.* FROM (SELECT unnest(@user_ids::text[]) AS user_id) u
    CROSS JOIN LATERAL (
        SELECT m.user_id, m.id, m.title, m.theme, m.build_status, m.cover_image_url, m.created_at FROM projected_mocs m
        WHERE m.user_id = u.user_id AND NOT m.deleted
        ORDER BY m.created_at DESC, m.id DESC LIMIT 10
    ) t
) c
FULL JOIN (SELECT * FROM recent_mocs r WHERE r.user_id = ANY(@user_ids::text[])) p ON p.user_id = c.user_id AND p.id = c.id
WHERE (c.title, c.theme, c.build_status, c.cover_image_url, c.created_at)
    IS DISTINCT FROM (p.title, p.theme, p.build_status, p.cover_image_url, p.created_at)
UNION ALL
SELECT 'partial_parts', coalesce(c.user_id, p.user_id), coalesce(c.id, p.id)::text, 0, 0, to_jsonb(p), to_jsonb(c)
FROM (SELECT * FROM computed_partial_parts s WHERE s.user_id = ANY(@user_ids::text[])) c
FULL JOIN (SELECT * FROM partial_parts s WHERE s.user_id = ANY(@user_ids::text[])) p ON p.user_id = c.user_id AND p.id = c.id
WHERE (c.title, c.theme, c.build_status, c.coverage_percentage, c.last_updated_at)
    IS DISTINCT FROM (p.title, p.theme, p.build_status, p.coverage_percentage, p.last_updated_at);
