-- name: CollectorImportLock :exec
-- One import at a time per collector: held until the transaction ends.
SELECT pg_advisory_xact_lock(hashtextextended('import ' || @user_id::text, 0));

-- name: CollectorIsNew :one
-- Says that the collector never had anything, not even something deleted.
SELECT (NOT (EXISTS (SELECT FROM mocs m WHERE m.user_id = @user_id)
    OR EXISTS (SELECT FROM sets s WHERE s.user_id = @user_id)
    OR EXISTS (SELECT FROM wishlist_items w WHERE w.user_id = @user_id)))::boolean AS is_new;

-- name: CollectorsList :many
-- Every collector of whom anything is stored, or those of user_ids, in order, with how many rows a rebuild has to look
-- at. A collector whose data vanished is there while the read model knows of it.
SELECT c.user_id::text AS user_id, sum(c.rows)::bigint AS rows FROM (
    SELECT user_id, count(*) AS rows FROM mocs GROUP BY user_id
    UNION ALL SELECT user_id, count(*) FROM sets GROUP BY user_id
    UNION ALL SELECT user_id, count(*) FROM wishlist_items GROUP BY user_id
    UNION ALL SELECT user_id, count(*) FROM projected_mocs GROUP BY user_id
    UNION ALL SELECT user_id, count(*) FROM projected_sets GROUP BY user_id
    UNION ALL SELECT user_id, count(*) FROM projected_wishlist_items GROUP BY user_id
    UNION ALL SELECT user_id, 1 FROM dashboard_summary
    UNION ALL SELECT user_id, count(*) FROM theme_stats GROUP BY user_id
    UNION ALL SELECT user_id, count(*) FROM recent_mocs GROUP BY user_id
    UNION ALL SELECT user_id, count(*) FROM partial_parts GROUP BY user_id
) c
WHERE NOT @selected::boolean OR c.user_id = ANY(@user_ids::text[])
GROUP BY c.user_id ORDER BY c.user_id;

-- name: CollectorsAnyProjected :one
-- Says whether anything is projected of anybody.
SELECT (EXISTS (SELECT FROM projected_mocs) OR EXISTS (SELECT FROM projected_sets)
    OR EXISTS (SELECT FROM projected_wishlist_items))::boolean AS projected;
