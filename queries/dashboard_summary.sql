-- name: DashboardSummaryEnsure :exec
-- Gives each collector a row of zeros.
INSERT INTO dashboard_summary (user_id) SELECT unnest(@user_ids::text[]) ON CONFLICT DO NOTHING;

-- name: DashboardSummaryApply :exec
-- Adds differences, one row a collector.
UPDATE dashboard_summary s
SET total_mocs = s.total_mocs + d.total_mocs, total_wishlist_items = s.total_wishlist_items + d.total_wishlist_items,
    mocs_added = s.mocs_added + d.mocs_added, mocs_in_progress = s.mocs_in_progress + d.mocs_in_progress,
    mocs_built = s.mocs_built + d.mocs_built, mocs_full_inventory = s.mocs_full_inventory + d.mocs_full_inventory,
    mocs_partial_ordered = s.mocs_partial_ordered + d.mocs_partial_ordered, mocs_none = s.mocs_none + d.mocs_none
FROM (SELECT unnest(@user_ids::text[]) AS user_id, unnest(@total_mocs::bigint[]) AS total_mocs,
    unnest(@total_wishlist_items::bigint[]) AS total_wishlist_items, unnest(@mocs_added::bigint[]) AS mocs_added,
    unnest(@mocs_in_progress::bigint[]) AS mocs_in_progress, unnest(@mocs_built::bigint[]) AS mocs_built,
    unnest(@mocs_full_inventory::bigint[]) AS mocs_full_inventory,
    unnest(@mocs_partial_ordered::bigint[]) AS mocs_partial_ordered, unnest(@mocs_none::bigint[]) AS mocs_none) d
WHERE s.user_id = d.user_id;

-- name: DashboardSummaryRead :batchmany
SELECT total_mocs, total_wishlist_items, mocs_added, mocs_in_progress, mocs_built, mocs_full_inventory,
    mocs_partial_ordered, mocs_none
FROM dashboard_summary WHERE user_id = @user_id;
