-- name: MOCInsert :exec
INSERT INTO mocs (user_id, id, title, theme, build_status, cover_image_url, parts_total, parts_owned, parts_ordered,
    version, created_at, updated_at)
VALUES (@user_id, @id, @title, @theme, @build_status, @cover_image_url, @parts_total, @parts_owned, @parts_ordered,
    @version, @created_at, @updated_at);

-- name: MOCUpdate :exec
-- Writes the next version of a MOC that the transaction has locked; deleted_at ends it.
UPDATE mocs
SET title = @title, theme = @theme, build_status = @build_status, cover_image_url = @cover_image_url,
    parts_total = @parts_total, parts_owned = @parts_owned, parts_ordered = @parts_ordered,
    version = @version, updated_at = @updated_at, deleted_at = @deleted_at
WHERE user_id = @user_id AND id = @id;

-- name: MOCLock :batchone
-- The MOC as it is now, locked until the transaction ends; no row when it is deleted.
SELECT * FROM mocs WHERE user_id = @user_id AND id = @id AND deleted_at IS NULL FOR NO KEY UPDATE;

-- name: MOCLockByName :one
-- The oldest MOC of that title and theme, locked until the transaction ends.
SELECT * FROM mocs
WHERE user_id = @user_id AND title = @title AND theme = @theme AND deleted_at IS NULL
ORDER BY created_at, id
LIMIT 1 FOR NO KEY UPDATE;

-- name: MOCGet :one
SELECT * FROM mocs WHERE user_id = @user_id AND id = @id AND deleted_at IS NULL;

-- name: MOCList :many
-- A page of the collector's MOCs, newest first, that come after the pair (before_created_at, before_id). Each filter
-- that is null lets everything pass. q is a part of the title, in any case.
SELECT * FROM mocs
WHERE user_id = @user_id AND deleted_at IS NULL
    AND (created_at, id) < (@before_created_at::timestamptz, @before_id::uuid)
    AND (sqlc.narg(theme)::text IS NULL OR theme = sqlc.narg(theme))
    AND (sqlc.narg(build_status)::text IS NULL OR build_status = sqlc.narg(build_status))
    AND (sqlc.narg(coverage_status)::text IS NULL OR sqlc.narg(coverage_status) = CASE
        WHEN parts_total > 0 AND parts_owned = parts_total THEN 'FULL_INVENTORY'
        WHEN parts_owned + parts_ordered = 0 THEN 'NONE'
        ELSE 'PARTIAL_ORDERED' END)
    AND (sqlc.narg(q)::text IS NULL OR strpos(lower(title), lower(sqlc.narg(q))) > 0)
ORDER BY created_at DESC, id DESC
LIMIT @page_size;
