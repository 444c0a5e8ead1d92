-- name: WishlistItemInsert :exec
INSERT INTO wishlist_items (user_id, id, kind, title, reference, theme, version, created_at, updated_at)
VALUES (@user_id, @id, @kind, @title, @reference, @theme, @version, @created_at, @updated_at);

-- name: WishlistItemDelete :exec
-- Ends an item that the transaction has locked.
UPDATE wishlist_items SET version = @version, updated_at = @updated_at, deleted_at = @updated_at
WHERE user_id = @user_id AND id = @id;

-- name: WishlistItemLock :batchone
-- The item as it is now, locked until the transaction ends; no row when it is deleted.
SELECT * FROM wishlist_items WHERE user_id = @user_id AND id = @id AND deleted_at IS NULL FOR NO KEY UPDATE;

-- name: WishlistItemGet :one
SELECT * FROM wishlist_items WHERE user_id = @user_id AND id = @id AND deleted_at IS NULL;

-- name: WishlistItemList :many
-- A page of the collector's wishlist, newest first, that comes after the pair (before_created_at, before_id).
SELECT * FROM wishlist_items
WHERE user_id = @user_id AND deleted_at IS NULL
    AND (created_at, id) < (@before_created_at::timestamptz, @before_id::uuid)
ORDER BY created_at DESC, id DESC
LIMIT @page_size;
