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
