-- name: RecentMOCsTenth :many
-- The tenth of each collector's recent MOCs; a collector that has fewer has no row.
SELECT u.user_id::text AS user_id, t.id, t.created_at
FROM (SELECT unnest(@user_ids::text[]) AS user_id) u
CROSS JOIN LATERAL (
    SELECT r.id, r.created_at FROM recent_mocs r WHERE r.user_id = u.user_id
    ORDER BY r.created_at DESC, r.id DESC OFFSET 9 LIMIT 1
) t;

-- name: RecentMOCsRefresh :exec
-- Makes each collector's recent MOCs the newest ten that are projected, and writes only what differs.
WITH ten AS (
    SELECT t.user_id, t.id, t.title, t.theme, t.build_status, t.cover_image_url, t.created_at
    FROM (SELECT unnest(@user_ids::text[]) AS user_id) u
    CROSS JOIN LATERAL (
        SELECT p.user_id, p.id, p.title, p.theme, p.build_status, p.cover_image_url, p.created_at FROM projected_mocs p
        WHERE p.user_id = u.user_id AND NOT p.deleted
        ORDER BY p.created_at DESC, p.id DESC LIMIT 10
    ) t
), gone AS (
    DELETE FROM recent_mocs r
    WHERE r.user_id = ANY(@user_ids::text[])
        AND NOT EXISTS (SELECT FROM ten WHERE ten.user_id = r.user_id AND ten.id = r.id)
)
INSERT INTO recent_mocs AS r (user_id, id, title, theme, build_status, cover_image_url, created_at)
SELECT user_id, id, title, theme, build_status, cover_image_url, created_at FROM ten
ON CONFLICT (user_id, id) DO UPDATE
SET title = excluded.title, theme = excluded.theme, build_status = excluded.build_status,
    cover_image_url = excluded.cover_image_url
WHERE (r.title, r.theme, r.build_status, r.cover_image_url)
    IS DISTINCT FROM (excluded.title, excluded.theme, excluded.build_status, excluded.cover_image_url);

-- name: RecentMOCsRead :batchmany
SELECT id, title, theme, build_status, cover_image_url, created_at FROM recent_mocs
WHERE user_id = @user_id ORDER BY created_at DESC, id DESC;

-- name: RecentMOCsTouched :batchmany
-- What happened to the ten after the revision since: the MOCs of the ten that were touched and, as version 0, one that
-- was deleted from them, if any was. At most two rows are told, for more than one is as good as many.
SELECT t.id, t.version FROM (
    (SELECT p.id, p.version FROM recent_mocs r JOIN projected_mocs p ON p.user_id = r.user_id AND p.id = r.id
    WHERE r.user_id = @user_id AND p.recent_revision > @since)
    UNION ALL
    (SELECT g.id, 0 FROM projected_mocs g
    WHERE g.user_id = @user_id AND g.deleted AND g.recent_revision > @since AND g.recent_revision > 0 LIMIT 1)
) t LIMIT 2;
