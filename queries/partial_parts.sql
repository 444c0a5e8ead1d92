-- name: PartialPartsPut :exec
INSERT INTO partial_parts (user_id, id, title, theme, build_status, coverage_percentage, last_updated_at)
SELECT unnest(@user_ids::text[]), unnest(@ids::uuid[]), unnest(@titles::text[]), unnest(@themes::text[]),
    unnest(@build_statuses::text[]), unnest(@coverage_percentages::integer[]), unnest(@last_updated_at::timestamptz[])
ON CONFLICT (user_id, id) DO UPDATE
SET title = excluded.title, theme = excluded.theme, build_status = excluded.build_status,
    coverage_percentage = excluded.coverage_percentage, last_updated_at = excluded.last_updated_at;

-- name: PartialPartsRemove :exec
DELETE FROM partial_parts p
USING (SELECT unnest(@user_ids::text[]) AS user_id, unnest(@ids::uuid[]) AS id) k
WHERE p.user_id = k.user_id AND p.id = k.id;

-- name: PartialPartsRead :batchmany
SELECT id, title, theme, build_status, coverage_percentage, last_updated_at FROM partial_parts
WHERE user_id = @user_id ORDER BY last_updated_at DESC, id DESC;

-- name: PartialPartsCount :batchone
-- How many MOCs came to, changed in or went from the list after the revision since, and how many the list has, counted
-- up to one more than those.
SELECT t.touched, l.listed
FROM (SELECT count(*) AS touched FROM projected_mocs
    WHERE user_id = @user_id AND partial_parts_revision > @since AND partial_parts_revision > 0) t
CROSS JOIN LATERAL (SELECT count(*) AS listed FROM (
    SELECT FROM partial_parts WHERE user_id = @user_id LIMIT t.touched + 1) r) l;

-- name: PartialPartsTouched :batchmany
-- Those MOCs, as they are now; listed says whether they are in the list.
SELECT id, title, theme, build_status, coverage_percentage, updated_at,
    (NOT deleted AND coverage_status = 'PARTIAL_ORDERED')::boolean AS listed
FROM projected_mocs WHERE user_id = @user_id AND partial_parts_revision > @since AND partial_parts_revision > 0
ORDER BY updated_at DESC, id DESC;
