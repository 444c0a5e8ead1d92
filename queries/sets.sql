-- name: SetInsert :exec
INSERT INTO sets (user_id, id, set_number, name, theme, quantity, version, created_at, updated_at)
VALUES (@user_id, @id, @set_number, @name, @theme, @quantity, @version, @created_at, @updated_at);

-- name: SetUpdate :exec
-- Writes the next version of a set that the transaction has locked; deleted_at ends it.
UPDATE sets
SET set_number = @set_number, name = @name, theme = @theme, quantity = @quantity,
    version = @version, updated_at = @updated_at, deleted_at = @deleted_at
WHERE user_id = @user_id AND id = @id;

-- name: SetLock :batchone
-- The set as it is now, locked until the transaction ends; no row when it is deleted.
SELECT * FROM sets WHERE user_id = @user_id AND id = @id AND deleted_at IS NULL FOR NO KEY UPDATE;

-- name: SetNumbers :many
-- Those of the set numbers that the collector has already.
SELECT DISTINCT set_number FROM sets
WHERE user_id = @user_id AND deleted_at IS NULL AND set_number = ANY(@set_numbers::text[]);

-- name: SetGet :one
SELECT * FROM sets WHERE user_id = @user_id AND id = @id AND deleted_at IS NULL;

-- name: SetList :many
-- A page of the collector's sets, newest first, that come after the pair (before_created_at, before_id).
SELECT * FROM sets
WHERE user_id = @user_id AND deleted_at IS NULL
    AND (created_at, id) < (@before_created_at::timestamptz, @before_id::uuid)
ORDER BY created_at DESC, id DESC
LIMIT @page_size;
