-- name: ProjectedMOCsRead :batchmany
-- What is projected of these MOCs, in no order; what never was has no row. Ids travel as text, which pgx
-- encodes many times faster than uuid.UUID.
SELECT p.* FROM (SELECT unnest(@user_ids::text[]) AS user_id, unnest(@ids::text[])::uuid AS id) k
JOIN projected_mocs p ON p.user_id = k.user_id AND p.id = k.id;

-- name: ProjectedMOCsInsert :exec
-- Writes the state of MOCs of which nothing is projected; the caller holds the collectors' locks and has looked. An empty
-- cover_image_urls element is null.
INSERT INTO projected_mocs (user_id, id, version, deleted, title, theme, build_status, cover_image_url, coverage_status,
    coverage_percentage, created_at, updated_at, recent_revision, partial_parts_revision)
SELECT unnest(@user_ids::text[]), unnest(@ids::text[])::uuid, unnest(@versions::bigint[]), unnest(@deleted::boolean[]),
    unnest(@titles::text[]), unnest(@themes::text[]), unnest(@build_statuses::text[]),
    nullif(unnest(@cover_image_urls::text[]), ''), unnest(@coverage_statuses::text[]),
    unnest(@coverage_percentages::integer[]), unnest(@created_at::timestamptz[]), unnest(@updated_at::timestamptz[]),
    unnest(@recent_revisions::bigint[]), unnest(@partial_parts_revisions::bigint[]);

-- name: ProjectedMOCsUpdate :exec
-- Writes a newer state of MOCs of which something is projected, as ProjectedMOCsInsert does.
UPDATE projected_mocs p
SET version = d.version, deleted = d.deleted, title = d.title, theme = d.theme, build_status = d.build_status,
    cover_image_url = nullif(d.cover_image_url, ''), coverage_status = d.coverage_status,
    coverage_percentage = d.coverage_percentage, created_at = d.created_at, updated_at = d.updated_at,
    recent_revision = d.recent_revision, partial_parts_revision = d.partial_parts_revision
FROM (SELECT unnest(@user_ids::text[]) AS user_id, unnest(@ids::text[])::uuid AS id, unnest(@versions::bigint[]) AS version,
    unnest(@deleted::boolean[]) AS deleted, unnest(@titles::text[]) AS title, unnest(@themes::text[]) AS theme,
    unnest(@build_statuses::text[]) AS build_status, unnest(@cover_image_urls::text[]) AS cover_image_url,
    unnest(@coverage_statuses::text[]) AS coverage_status, unnest(@coverage_percentages::integer[]) AS coverage_percentage,
    unnest(@created_at::timestamptz[]) AS created_at, unnest(@updated_at::timestamptz[]) AS updated_at,
    unnest(@recent_revisions::bigint[]) AS recent_revision, unnest(@partial_parts_revisions::bigint[]) AS partial_parts_revision) d
WHERE p.user_id = d.user_id AND p.id = d.id;

-- name: ProjectedMOCsMend :batchmany
-- Makes what is projected of these collectors' MOCs what the write model says, and writes only what differs; answers
-- how many rows did. A row that is behind is left to its event, if that is still to come; with everything, it is not.
WITH differs AS MATERIALIZED (
    SELECT coalesce(w.user_id, p.user_id) AS user_id, coalesce(w.id, p.id) AS id, w.id IS NULL AS vanished,
        coalesce(p.version, 0) AS had, w.version, w.deleted, w.title, w.theme, w.build_status, w.cover_image_url,
        w.coverage_status, w.coverage_percentage, w.created_at, w.updated_at
    FROM (SELECT * FROM computed_projected_mocs c WHERE c.user_id = ANY(@user_ids::text[])) w
    FULL JOIN (SELECT * FROM projected_mocs m WHERE m.user_id = ANY(@user_ids::text[])) p ON p.user_id = w.user_id AND p.id = w.id
    WHERE (w.version, w.deleted, w.title, w.theme, w.build_status, w.cover_image_url, w.coverage_status,
        w.coverage_percentage, w.created_at, w.updated_at) IS DISTINCT FROM (p.version, p.deleted, p.title, p.theme,
        p.build_status, p.cover_image_url, p.coverage_status, p.coverage_percentage, p.created_at, p.updated_at)
), mended AS MATERIALIZED (
    SELECT * FROM differs d WHERE NOT EXISTS (
        SELECT FROM awaited_versions a
        WHERE NOT @everything::boolean AND d.had < d.version AND a.aggregate_id = d.id::text AND a.version = d.version::text)
), gone AS (
    DELETE FROM projected_mocs p USING mended m
    WHERE m.vanished AND p.user_id = ANY(@user_ids::text[]) AND p.user_id = m.user_id AND p.id = m.id
), put AS (
    INSERT INTO projected_mocs (user_id, id, version, deleted, title, theme, build_status, cover_image_url,
        coverage_status, coverage_percentage, created_at, updated_at, recent_revision, partial_parts_revision)
    SELECT user_id, id, version, deleted, title, theme, build_status, cover_image_url, coverage_status,
        coverage_percentage, created_at, updated_at, 0, 0 FROM mended WHERE NOT vanished
    ON CONFLICT (user_id, id) DO UPDATE
    SET version = excluded.version, deleted = excluded.deleted, title = excluded.title, theme = excluded.theme,
        build_status = excluded.build_status, cover_image_url = excluded.cover_image_url,
        coverage_status = excluded.coverage_status, coverage_percentage = excluded.coverage_percentage,
        created_at = excluded.created_at, updated_at = excluded.updated_at
)
SELECT user_id::text AS user_id, count(*) AS rows FROM mended GROUP BY user_id;
