-- name: RecentMOCsShown :batchmany
-- How many recent MOCs each collector has, and the oldest of them; a collector that has none has no row.
SELECT r.user_id, count(*) AS shown, min(r.created_at)::timestamptz AS created_at, ((array_agg(r.id ORDER BY r.created_at, r.id))[1])::uuid AS id
FROM recent_mocs r WHERE r.user_id = ANY(@user_ids::text[]) GROUP BY r.user_id;

-- name: RecentMOCsAdd :exec
-- Adds rows of MOCs of which nothing was projected: none of them is there, and looking would cost. An empty
-- cover_image_urls element is null.
INSERT INTO recent_mocs (user_id, id, title, theme, build_status, cover_image_url, created_at)
SELECT unnest(@user_ids::text[]), unnest(@ids::text[])::uuid, unnest(@titles::text[]), unnest(@themes::text[]),
    unnest(@build_statuses::text[]), nullif(unnest(@cover_image_urls::text[]), ''), unnest(@created_at::timestamptz[]);

-- name: RecentMOCsPut :exec
-- An empty cover_image_urls element is null.
INSERT INTO recent_mocs (user_id, id, title, theme, build_status, cover_image_url, created_at)
SELECT unnest(@user_ids::text[]), unnest(@ids::text[])::uuid, unnest(@titles::text[]), unnest(@themes::text[]),
    unnest(@build_statuses::text[]), nullif(unnest(@cover_image_urls::text[]), ''), unnest(@created_at::timestamptz[])
ON CONFLICT (user_id, id) DO UPDATE
SET title = excluded.title, theme = excluded.theme, build_status = excluded.build_status,
    cover_image_url = excluded.cover_image_url;

-- name: RecentMOCsRemove :exec
DELETE FROM recent_mocs r
USING (SELECT unnest(@user_ids::text[]) AS user_id, unnest(@ids::text[])::uuid AS id) k
WHERE r.user_id = k.user_id AND r.id = k.id;

-- name: RecentMOCsTrim :exec
-- Leaves each collector the newest ten.
DELETE FROM recent_mocs r
USING (SELECT unnest(@user_ids::text[]) AS user_id) u
CROSS JOIN LATERAL (
    SELECT o.id FROM recent_mocs o WHERE o.user_id = u.user_id ORDER BY o.created_at DESC, o.id DESC OFFSET 10
) t
WHERE r.user_id = u.user_id AND r.id = t.id;

-- name: RecentMOCsRefresh :exec
-- Makes each collector's recent MOCs the newest ten that are projected, and writes only what differs: ON CONFLICT would
-- lock, and so write, also the rows that it leaves as they are.
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
INSERT INTO recent_mocs (user_id, id, title, theme, build_status, cover_image_url, created_at)
SELECT user_id, id, title, theme, build_status, cover_image_url, created_at FROM ten
WHERE NOT EXISTS (
    SELECT FROM recent_mocs r
    WHERE r.user_id = ten.user_id AND r.id = ten.id AND (r.title, r.theme, r.build_status, r.cover_image_url)
        IS NOT DISTINCT FROM (ten.title, ten.theme, ten.build_status, ten.cover_image_url)
)
ON CONFLICT (user_id, id) DO UPDATE
SET title = excluded.title, theme = excluded.theme, build_status = excluded.build_status,
    cover_image_url = excluded.cover_image_url;

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

-- name: RecentMOCsMend :batchmany
-- Makes the recent MOCs of these collectors what their projected state says, and writes only what differs; answers how
-- many rows did.
WITH differs AS MATERIALIZED (
    SELECT coalesce(c.user_id, p.user_id) AS user_id, coalesce(c.id, p.id) AS id, c.id IS NULL AS vanished, c.title,
        c.theme, c.build_status, c.cover_image_url, c.created_at
    FROM (
        SELECT t.* FROM (SELECT unnest(@user_ids::text[]) AS user_id) u
        CROSS JOIN LATERAL (
            SELECT m.user_id, m.id, m.title, m.theme, m.build_status, m.cover_image_url, m.created_at FROM projected_mocs m
            WHERE m.user_id = u.user_id AND NOT m.deleted
            ORDER BY m.created_at DESC, m.id DESC LIMIT 10
        ) t
    ) c
    FULL JOIN (SELECT * FROM recent_mocs r WHERE r.user_id = ANY(@user_ids::text[])) p ON p.user_id = c.user_id AND p.id = c.id
    WHERE (c.title, c.theme, c.build_status, c.cover_image_url, c.created_at)
        IS DISTINCT FROM (p.title, p.theme, p.build_status, p.cover_image_url, p.created_at)
), gone AS (
    DELETE FROM recent_mocs p USING differs d
    WHERE d.vanished AND p.user_id = ANY(@user_ids::text[]) AND p.user_id = d.user_id AND p.id = d.id
), put AS (
    INSERT INTO recent_mocs (user_id, id, title, theme, build_status, cover_image_url, created_at)
    SELECT user_id, id, title, theme, build_status, cover_image_url, created_at FROM differs WHERE NOT vanished
    ON CONFLICT (user_id, id) DO UPDATE
    SET title = excluded.title, theme = excluded.theme, build_status = excluded.build_status,
        cover_image_url = excluded.cover_image_url, created_at = excluded.created_at
)
SELECT user_id::text AS user_id, count(*) AS rows FROM differs GROUP BY user_id;
