-- name: CollectorImportLock :exec
-- One import at a time per collector: held until the transaction ends.
SELECT pg_advisory_xact_lock(hashtextextended('import ' || @user_id::text, 0));

-- name: CollectorIsNew :one
-- Says that the collector never had anything, not even something deleted.
SELECT (NOT (EXISTS (SELECT FROM mocs m WHERE m.user_id = @user_id)
    OR EXISTS (SELECT FROM sets s WHERE s.user_id = @user_id)
    OR EXISTS (SELECT FROM wishlist_items w WHERE w.user_id = @user_id)))::boolean AS is_new;

-- name: CollectorsList :many
-- Every collector of whom anything is stored, in order, with how many rows a rebuild has to look at. A collector whose
-- data vanished is there while the read model knows of it.
SELECT user_id, sum(rows)::bigint AS rows FROM stored_collectors GROUP BY user_id ORDER BY user_id;

-- name: CollectorsListOf :many
-- Those of the collectors of whom anything is stored, as CollectorsList.
SELECT user_id, sum(rows)::bigint AS rows FROM stored_collectors WHERE user_id = ANY(@user_ids::text[])
GROUP BY user_id ORDER BY user_id;

-- name: CollectorsAnyProjected :one
-- Says whether anything is projected of anybody.
SELECT (EXISTS (SELECT FROM projected_mocs) OR EXISTS (SELECT FROM projected_sets)
    OR EXISTS (SELECT FROM projected_wishlist_items))::boolean AS projected;
