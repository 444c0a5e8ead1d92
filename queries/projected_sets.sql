-- name: ProjectedSetsRead :many
-- What is projected of these sets, in no order; what never was has no row.
SELECT p.* FROM (SELECT unnest(@user_ids::text[]) AS user_id, unnest(@ids::uuid[]) AS id) k
JOIN projected_sets p ON p.user_id = k.user_id AND p.id = k.id;

-- name: ProjectedSetsPut :exec
INSERT INTO projected_sets (user_id, id, version, deleted, theme, quantity)
SELECT unnest(@user_ids::text[]), unnest(@ids::uuid[]), unnest(@versions::bigint[]), unnest(@deleted::boolean[]),
    unnest(@themes::text[]), unnest(@quantities::integer[])
ON CONFLICT (user_id, id) DO UPDATE
SET version = excluded.version, deleted = excluded.deleted, theme = excluded.theme, quantity = excluded.quantity;
