-- name: ProjectedWishlistItemsRead :many
-- What is projected of these items, in no order; what never was has no row.
SELECT p.* FROM (SELECT unnest(@user_ids::text[]) AS user_id, unnest(@ids::uuid[]) AS id) k
JOIN projected_wishlist_items p ON p.user_id = k.user_id AND p.id = k.id;

-- name: ProjectedWishlistItemsPut :exec
INSERT INTO projected_wishlist_items (user_id, id, version, deleted)
SELECT unnest(@user_ids::text[]), unnest(@ids::uuid[]), unnest(@versions::bigint[]), unnest(@deleted::boolean[])
ON CONFLICT (user_id, id) DO UPDATE SET version = excluded.version, deleted = excluded.deleted;
