-- name: ThemeStatsApply :exec
-- Adds differences, one row a collector and theme, as DashboardSummaryApply does.
WITH d AS MATERIALIZED (
    SELECT unnest(@user_ids::text[]) AS user_id, unnest(@themes::text[]) AS theme,
        unnest(@moc_counts::bigint[]) AS moc_count, unnest(@set_counts::bigint[]) AS set_count
), moved AS (
    UPDATE theme_stats s SET moc_count = s.moc_count + d.moc_count, set_count = s.set_count + d.set_count
    FROM d WHERE s.user_id = d.user_id AND s.theme = d.theme
    RETURNING s.user_id, s.theme
)
INSERT INTO theme_stats (user_id, theme, moc_count, set_count)
SELECT d.user_id, d.theme, d.moc_count, d.set_count
FROM d WHERE NOT EXISTS (SELECT FROM moved WHERE moved.user_id = d.user_id AND moved.theme = d.theme);

-- name: ThemeStatsTrim :exec
-- Deletes those of the themes that have come to zeros.
DELETE FROM theme_stats s
USING (SELECT unnest(@user_ids::text[]) AS user_id, unnest(@themes::text[]) AS theme) d
WHERE s.user_id = d.user_id AND s.theme = d.theme AND s.moc_count = 0 AND s.set_count = 0;

-- name: ThemeStatsRead :batchmany
SELECT theme, moc_count, set_count FROM theme_stats WHERE user_id = @user_id ORDER BY theme;

-- name: ThemeStatsMend :batchmany
-- Makes the themes of these collectors what their projected state says, and writes only what differs; answers how many
-- rows did.
WITH differs AS MATERIALIZED (
    SELECT coalesce(c.user_id, p.user_id) AS user_id, coalesce(c.theme, p.theme) AS theme, c.theme IS NULL AS vanished,
        c.moc_count, c.set_count
    FROM (SELECT * FROM computed_theme_stats s WHERE s.user_id = ANY(@user_ids::text[])) c
    FULL JOIN (SELECT * FROM theme_stats s WHERE s.user_id = ANY(@user_ids::text[])) p ON p.user_id = c.user_id AND p.theme = c.theme
    WHERE (c.moc_count, c.set_count) IS DISTINCT FROM (p.moc_count, p.set_count)
), gone AS (
    DELETE FROM theme_stats p USING differs d
    WHERE d.vanished AND p.user_id = ANY(@user_ids::text[]) AND p.user_id = d.user_id AND p.theme = d.theme
), put AS (
    INSERT INTO theme_stats (user_id, theme, moc_count, set_count)
    SELECT user_id, theme, moc_count, set_count FROM differs WHERE NOT vanished
    ON CONFLICT (user_id, theme) DO UPDATE SET moc_count = excluded.moc_count, set_count = excluded.set_count
)
SELECT user_id::text AS user_id, count(*) AS rows FROM differs GROUP BY user_id;
