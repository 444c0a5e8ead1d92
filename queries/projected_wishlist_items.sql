-- name: ProjectedWishlistItemsRead :batchmany
-- What is projected of these items, in no order; what never was has no row.
SELECT p.* FROM (SELECT unnest(@user_ids::text[]) AS user_id, unnest(@ids::text[])::uuid AS id) k
JOIN projected_wishlist_items p ON p.user_id = k.user_id AND p.id = k.id;

-- name: ProjectedWishlistItemsPut :exec
INSERT INTO projected_wishlist_items (user_id, id, version, deleted)
SELECT unnest(@user_ids::text[]), unnest(@ids::text[])::uuid, unnest(@versions::bigint[]), unnest(@deleted::boolean[])
ON CONFLICT (user_id, id) DO UPDATE SET version = excluded.version, deleted = excluded.deleted;

-- name: ProjectedWishlistItemsMend :batchmany
-- As ProjectedMOCsMend.
WITH differs AS MATERIALIZED (
    SELECT coalesce(w.user_id, p.user_id) AS user_id, coalesce(w.id, p.id) AS id, w.id IS NULL AS vanished,
        coalesce(p.version, 0) AS had, w.version, w.deleted
    FROM (SELECT * FROM computed_projected_wishlist_items c WHERE c.user_id = ANY(@user_ids::text[])) w
    FULL JOIN (SELECT * FROM projected_wishlist_items i WHERE i.user_id = ANY(@user_ids::text[])) p
        ON p.user_id = w.user_id AND p.id = w.id
    WHERE (w.version, w.deleted) IS DISTINCT FROM (p.version, p.deleted)
), mended AS MATERIALIZED (
    SELECT * FROM differs d WHERE NOT EXISTS (
        SELECT FROM awaited_versions a
        WHERE NOT @everything::boolean AND d.had < d.version AND a.aggregate_id = d.id::text AND a.version = d.version::text)
), gone AS (
    DELETE FROM projected_wishlist_items p USING mended m
    WHERE m.vanished AND p.user_id = ANY(@user_ids::text[]) AND p.user_id = m.user_id AND p.id = m.id
), put AS (
    INSERT INTO projected_wishlist_items (user_id, id, version, deleted)
    SELECT user_id, id, version, deleted FROM mended WHERE NOT vanished
    ON CONFLICT (user_id, id) DO UPDATE SET version = excluded.version, deleted = excluded.deleted
)
SELECT user_id::text AS user_id, count(*) AS rows FROM mended GROUP BY user_id;
