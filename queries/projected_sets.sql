-- name: ProjectedSetsRead :batchmany
-- What is projected of these sets, in no order; what never was has no row.
SELECT p.* FROM (SELECT unnest(@user_ids::text[]) AS user_id, unnest(@ids::text[])::uuid AS id) k
JOIN projected_sets p ON p.user_id = k.user_id AND p.id = k.id;

-- name: ProjectedSetsPut :exec
INSERT INTO projected_sets (user_id, id, version, deleted, theme, quantity)
SELECT unnest(@user_ids::text[]), unnest(@ids::text[])::uuid, unnest(@versions::bigint[]), unnest(@deleted::boolean[]),
    unnest(@themes::text[]), unnest(@quantities::integer[])
ON CONFLICT (user_id, id) DO UPDATE
SET version = excluded.version, deleted = excluded.deleted, theme = excluded.theme, quantity = excluded.quantity;

-- name: ProjectedSetsMend :batchmany
-- As ProjectedMOCsMend.
WITH differs AS MATERIALIZED (
    SELECT coalesce(w.user_id, p.user_id) AS user_id, coalesce(w.id, p.id) AS id, w.id IS NULL AS vanished,
        coalesce(p.version, 0) AS had, w.version, w.deleted, w.theme, w.quantity
    FROM (SELECT * FROM computed_projected_sets c WHERE c.user_id = ANY(@user_ids::text[])) w
    FULL JOIN (SELECT * FROM projected_sets s WHERE s.user_id = ANY(@user_ids::text[])) p ON p.user_id = w.user_id AND p.id = w.id
    WHERE (w.version, w.deleted, w.theme, w.quantity) IS DISTINCT FROM (p.version, p.deleted, p.theme, p.quantity)
), mended AS MATERIALIZED (
    SELECT * FROM differs d WHERE NOT EXISTS (
        SELECT FROM awaited_versions a
        WHERE NOT @everything::boolean AND d.had < d.version AND a.aggregate_id = d.id::text AND a.version = d.version::text)
), gone AS (
    DELETE FROM projected_sets p USING mended m
    WHERE m.vanished AND p.user_id = ANY(@user_ids::text[]) AND p.user_id = m.user_id AND p.id = m.id
), put AS (
    INSERT INTO projected_sets (user_id, id, version, deleted, theme, quantity)
    SELECT user_id, id, version, deleted, theme, quantity FROM mended WHERE NOT vanished
    ON CONFLICT (user_id, id) DO UPDATE
    SET version = excluded.version, deleted = excluded.deleted, theme = excluded.theme, quantity = excluded.quantity
)
SELECT user_id::text AS user_id, count(*) AS rows FROM mended GROUP BY user_id;
