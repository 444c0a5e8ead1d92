-- name: ProjectedMOCsRead :many
-- What is projected of these MOCs, in no order; what never was has no row.
SELECT p.* FROM (SELECT unnest(@user_ids::text[]) AS user_id, unnest(@ids::uuid[]) AS id) k
JOIN projected_mocs p ON p.user_id = k.user_id AND p.id = k.id;

-- name: ProjectedMOCsPut :exec
-- Writes a newer state of each MOC; the caller holds the collectors' locks and has compared the versions. An empty
-- cover_image_urls element is null.
INSERT INTO projected_mocs (user_id, id, version, deleted, title, theme, build_status, cover_image_url, coverage_status,
    coverage_percentage, created_at, updated_at, recent_revision, partial_parts_revision)
SELECT unnest(@user_ids::text[]), unnest(@ids::uuid[]), unnest(@versions::bigint[]), unnest(@deleted::boolean[]),
    unnest(@titles::text[]), unnest(@themes::text[]), unnest(@build_statuses::text[]),
    nullif(unnest(@cover_image_urls::text[]), ''), unnest(@coverage_statuses::text[]),
    unnest(@coverage_percentages::integer[]), unnest(@created_at::timestamptz[]), unnest(@updated_at::timestamptz[]),
    unnest(@recent_revisions::bigint[]), unnest(@partial_parts_revisions::bigint[])
ON CONFLICT (user_id, id) DO UPDATE
SET version = excluded.version, deleted = excluded.deleted, title = excluded.title, theme = excluded.theme,
    build_status = excluded.build_status, cover_image_url = excluded.cover_image_url,
    coverage_status = excluded.coverage_status, coverage_percentage = excluded.coverage_percentage,
    updated_at = excluded.updated_at, recent_revision = excluded.recent_revision,
    partial_parts_revision = excluded.partial_parts_revision;
