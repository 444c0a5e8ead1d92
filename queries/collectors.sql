-- name: CollectorImportLock :exec
-- One import at a time per collector: held until the transaction ends.
SELECT pg_advisory_xact_lock(hashtextextended('import ' || @user_id::text, 0));

-- name: CollectorIsNew :one
-- Says that the collector never had anything, not even something deleted.
SELECT (NOT (EXISTS (SELECT FROM mocs m WHERE m.user_id = @user_id)
    OR EXISTS (SELECT FROM sets s WHERE s.user_id = @user_id)
    OR EXISTS (SELECT FROM wishlist_items w WHERE w.user_id = @user_id)))::boolean AS is_new;
