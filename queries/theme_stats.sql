-- name: ThemeStatsEnsure :exec
-- Gives each theme a row of zeros: a CHECK is held against the proposed row, so a difference cannot be inserted.
INSERT INTO theme_stats (user_id, theme, moc_count, set_count)
SELECT unnest(@user_ids::text[]), unnest(@themes::text[]), 0, 0
ON CONFLICT DO NOTHING;

-- name: ThemeStatsApply :exec
-- Adds differences, one row a collector and theme.
UPDATE theme_stats s
SET moc_count = s.moc_count + d.moc_count, set_count = s.set_count + d.set_count
FROM (SELECT unnest(@user_ids::text[]) AS user_id, unnest(@themes::text[]) AS theme,
    unnest(@moc_counts::bigint[]) AS moc_count, unnest(@set_counts::bigint[]) AS set_count) d
WHERE s.user_id = d.user_id AND s.theme = d.theme;

-- name: ThemeStatsTrim :exec
-- Deletes those of the themes that have come to zeros.
DELETE FROM theme_stats s
USING (SELECT unnest(@user_ids::text[]) AS user_id, unnest(@themes::text[]) AS theme) d
WHERE s.user_id = d.user_id AND s.theme = d.theme AND s.moc_count = 0 AND s.set_count = 0;

-- name: ThemeStatsRead :batchmany
SELECT theme, moc_count, set_count FROM theme_stats WHERE user_id = @user_id ORDER BY theme;
