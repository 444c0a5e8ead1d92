-- name: PartialPartsAdd :exec
-- Adds rows of MOCs of which nothing was projected.
INSERT INTO partial_parts (user_id, id, title, theme, build_status, coverage_percentage, last_updated_at)
SELECT unnest(@user_ids::text[]), unnest(@ids::text[])::uuid, unnest(@titles::text[]), unnest(@themes::text[]),
    unnest(@build_statuses::text[]), unnest(@coverage_percentages::integer[]), unnest(@last_updated_at::timestamptz[]);

-- name: PartialPartsPut :exec
INSERT INTO partial_parts (user_id, id, title, theme, build_status, coverage_percentage, last_updated_at)
SELECT unnest(@user_ids::text[]), unnest(@ids::text[])::uuid, unnest(@titles::text[]), unnest(@themes::text[]),
    unnest(@build_statuses::text[]), unnest(@coverage_percentages::integer[]), unnest(@last_updated_at::timestamptz[])
ON CONFLICT (user_id, id) DO UPDATE
SET title = excluded.title, theme = excluded.theme, build_status = excluded.build_status,
    coverage_percentage = excluded.coverage_percentage, last_updated_at = excluded.last_updated_at;

-- name: PartialPartsRemove :exec
DELETE FROM partial_parts p
USING (SELECT unnest(@user_ids::text[]) AS user_id, unnest(@ids::text[])::uuid AS id) k
WHERE p.user_id = k.user_id AND p.id = k.id;

-- name: PartialPartsRead :batchmany
SELECT id, title, theme, build_status, coverage_percentage, last_updated_at FROM partial_parts
WHERE user_id = @user_id ORDER BY last_updated_at DESC, id DESC;

-- name: PartialPartsCount :batchone
-- How many MOCs came to, changed in or went from the list after the revision since, and how many the list has, counted
-- up to one more than those.
SELECT t.touched, l.listed
FROM (SELECT count(*) AS touched FROM projected_mocs p
    WHERE p.user_id = @user_id AND p.partial_parts_revision > @since AND p.partial_parts_revision > 0) t
CROSS JOIN LATERAL (SELECT count(*) AS listed FROM (
    SELECT FROM partial_parts pp WHERE pp.user_id = @user_id LIMIT t.touched + 1) r) l;

-- name: PartialPartsTouched :batchmany
-- Those MOCs, as they are now; listed says whether they are in the list.
SELECT id, title, theme, build_status, coverage_percentage, updated_at,
    (NOT deleted AND coverage_status = 'PARTIAL_ORDERED')::boolean AS listed
FROM projected_mocs WHERE user_id = @user_id AND partial_parts_revision > @since AND partial_parts_revision > 0
ORDER BY updated_at DESC, id DESC;

-- name: PartialPartsMend :batchmany
-- Makes the partial parts of these collectors what their projected state says, and writes only what differs; answers
-- how many rows did.
WITH differs AS MATERIALIZED (
    SELECT coalesce(c.user_id, p.user_id) AS user_id, coalesce(c.id, p.id) AS id, c.id IS NULL AS vanished, c.title,
        c.theme, c.build_status, c.coverage_percentage, c.last_updated_at
    FROM (SELECT * FROM computed_partial_parts s WHERE s.user_id = ANY(@user_ids::text[])) c
    FULL JOIN (SELECT * FROM partial_parts s WHERE s.user_id = ANY(@user_ids::text[])) p ON p.user_id = c.user_id AND p.id = c.id
    WHERE (c.title, c.theme, c.build_status, c.coverage_percentage, c.last_updated_at)
        IS DISTINCT FROM (p.title, p.theme, p.build_status, p.coverage_percentage, p.last_updated_at)
), gone AS (
    DELETE FROM partial_parts p USING differs d
    WHERE d.vanished AND p.user_id = ANY(@user_ids::text[]) AND p.user_id = d.user_id AND p.id = d.id
), put AS (
    INSERT INTO partial_parts (user_id, id, title, theme, build_status, coverage_percentage, last_updated_at)
    SELECT user_id, id, title, theme, build_status, coverage_percentage, last_updated_at FROM differs WHERE NOT vanished
    ON CONFLICT (user_id, id) DO UPDATE
    SET title = excluded.title, theme = excluded.theme, build_status = excluded.build_status,
        coverage_percentage = excluded.coverage_percentage, last_updated_at = excluded.last_updated_at
)
SELECT user_id::text AS user_id, count(*) AS rows FROM differs GROUP BY user_id;
