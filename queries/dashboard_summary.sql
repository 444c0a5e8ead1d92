-- name: DashboardSummaryApply :exec
-- Adds differences, one row a collector. A difference is inserted only where nothing is there yet: with ON CONFLICT a
-- CHECK would be held against it, and it may be negative. The caller holds the collectors' locks.
WITH d AS MATERIALIZED (
    SELECT unnest(@user_ids::text[]) AS user_id, unnest(@total_mocs::bigint[]) AS total_mocs,
        unnest(@total_wishlist_items::bigint[]) AS total_wishlist_items, unnest(@mocs_added::bigint[]) AS mocs_added,
        unnest(@mocs_in_progress::bigint[]) AS mocs_in_progress, unnest(@mocs_built::bigint[]) AS mocs_built,
        unnest(@mocs_full_inventory::bigint[]) AS mocs_full_inventory,
        unnest(@mocs_partial_ordered::bigint[]) AS mocs_partial_ordered, unnest(@mocs_none::bigint[]) AS mocs_none
), moved AS (
    UPDATE dashboard_summary s
    SET total_mocs = s.total_mocs + d.total_mocs, total_wishlist_items = s.total_wishlist_items + d.total_wishlist_items,
        mocs_added = s.mocs_added + d.mocs_added, mocs_in_progress = s.mocs_in_progress + d.mocs_in_progress,
        mocs_built = s.mocs_built + d.mocs_built, mocs_full_inventory = s.mocs_full_inventory + d.mocs_full_inventory,
        mocs_partial_ordered = s.mocs_partial_ordered + d.mocs_partial_ordered, mocs_none = s.mocs_none + d.mocs_none
    FROM d WHERE s.user_id = d.user_id
    RETURNING s.user_id
)
INSERT INTO dashboard_summary (user_id, total_mocs, total_wishlist_items, mocs_added, mocs_in_progress, mocs_built,
    mocs_full_inventory, mocs_partial_ordered, mocs_none)
SELECT d.user_id, d.total_mocs, d.total_wishlist_items, d.mocs_added, d.mocs_in_progress, d.mocs_built,
    d.mocs_full_inventory, d.mocs_partial_ordered, d.mocs_none
FROM d WHERE NOT EXISTS (SELECT FROM moved WHERE moved.user_id = d.user_id);

-- name: DashboardSummaryRead :batchone
-- The summary, of zeros where there is none, with the database's epoch and the collector's revision.
SELECT e.epoch, coalesce(c.revision, 0)::bigint AS revision, coalesce(s.total_mocs, 0)::bigint AS total_mocs,
    coalesce(s.total_wishlist_items, 0)::bigint AS total_wishlist_items, coalesce(s.mocs_added, 0)::bigint AS mocs_added,
    coalesce(s.mocs_in_progress, 0)::bigint AS mocs_in_progress, coalesce(s.mocs_built, 0)::bigint AS mocs_built,
    coalesce(s.mocs_full_inventory, 0)::bigint AS mocs_full_inventory,
    coalesce(s.mocs_partial_ordered, 0)::bigint AS mocs_partial_ordered, coalesce(s.mocs_none, 0)::bigint AS mocs_none
FROM epoch e
LEFT JOIN collector_revisions c ON c.user_id = @user_id
LEFT JOIN dashboard_summary s ON s.user_id = @user_id;

-- name: DashboardSummaryMend :batchmany
-- Makes the summaries of these collectors what their projected state says, and writes only what differs; answers how
-- many rows did. A row of zeros is as right as none.
WITH differs AS MATERIALIZED (
    SELECT coalesce(c.user_id, p.user_id) AS user_id, c.user_id IS NULL AS vanished, c.total_mocs, c.total_wishlist_items,
        c.mocs_added, c.mocs_in_progress, c.mocs_built, c.mocs_full_inventory, c.mocs_partial_ordered, c.mocs_none
    FROM (SELECT * FROM computed_dashboard_summary s WHERE s.user_id = ANY(@user_ids::text[])) c
    FULL JOIN (SELECT * FROM dashboard_summary s WHERE s.user_id = ANY(@user_ids::text[])
        AND s.total_mocs + s.total_wishlist_items > 0) p ON p.user_id = c.user_id
    WHERE (c.total_mocs, c.total_wishlist_items, c.mocs_added, c.mocs_in_progress, c.mocs_built, c.mocs_full_inventory,
        c.mocs_partial_ordered, c.mocs_none) IS DISTINCT FROM (p.total_mocs, p.total_wishlist_items, p.mocs_added,
        p.mocs_in_progress, p.mocs_built, p.mocs_full_inventory, p.mocs_partial_ordered, p.mocs_none)
), gone AS (
    DELETE FROM dashboard_summary p USING differs d
    WHERE d.vanished AND p.user_id = ANY(@user_ids::text[]) AND p.user_id = d.user_id
), put AS (
    INSERT INTO dashboard_summary (user_id, total_mocs, total_wishlist_items, mocs_added, mocs_in_progress, mocs_built,
        mocs_full_inventory, mocs_partial_ordered, mocs_none)
    SELECT user_id, total_mocs, total_wishlist_items, mocs_added, mocs_in_progress, mocs_built, mocs_full_inventory,
        mocs_partial_ordered, mocs_none FROM differs WHERE NOT vanished
    ON CONFLICT (user_id) DO UPDATE
    SET total_mocs = excluded.total_mocs, total_wishlist_items = excluded.total_wishlist_items,
        mocs_added = excluded.mocs_added, mocs_in_progress = excluded.mocs_in_progress,
        mocs_built = excluded.mocs_built, mocs_full_inventory = excluded.mocs_full_inventory,
        mocs_partial_ordered = excluded.mocs_partial_ordered, mocs_none = excluded.mocs_none
)
SELECT user_id::text AS user_id, count(*) AS rows FROM differs GROUP BY user_id;
