-- name: CollectorRevisionsEnsure :exec
-- Gives each collector a row, at revision 0.
INSERT INTO collector_revisions (user_id) SELECT unnest(@user_ids::text[]) ON CONFLICT DO NOTHING;

-- name: CollectorRevisionsLock :batchmany
-- Locks the collectors for one projecting transaction, in the order of their ids so that two never deadlock. What is
-- read in later statements of the transaction sees what this one waited for.
SELECT user_id, revision FROM collector_revisions
WHERE user_id = ANY(@user_ids::text[])
ORDER BY user_id FOR NO KEY UPDATE;

-- name: CollectorRevisionsAdvance :exec
-- Takes the next revision of each collector and notes it on the sections that changed.
UPDATE collector_revisions c
SET revision = c.revision + 1,
    summary_revision = CASE WHEN d.summary THEN c.revision + 1 ELSE c.summary_revision END,
    themes_revision = CASE WHEN d.themes THEN c.revision + 1 ELSE c.themes_revision END,
    recent_revision = CASE WHEN d.recent THEN c.revision + 1 ELSE c.recent_revision END,
    partial_parts_revision = CASE WHEN d.partial_parts THEN c.revision + 1 ELSE c.partial_parts_revision END
FROM (SELECT unnest(@user_ids::text[]) AS user_id, unnest(@summary::boolean[]) AS summary,
    unnest(@themes::boolean[]) AS themes, unnest(@recent::boolean[]) AS recent,
    unnest(@partial_parts::boolean[]) AS partial_parts) d
WHERE c.user_id = d.user_id;

-- name: CollectorRevisionGet :one
-- The same as CollectorRevisionRead for a collector of whom something was projected, and the quicker of the two; no row
-- for others.
SELECT (SELECT e.epoch FROM epoch e) AS epoch, c.revision FROM collector_revisions c WHERE c.user_id = @user_id;

-- name: CollectorRevisionRead :batchone
-- The database's epoch and the collector's revision, 0 when nothing of it was ever projected: what validates a cached
-- answer.
SELECT e.epoch, coalesce((SELECT c.revision FROM collector_revisions c WHERE c.user_id = @user_id), 0)::bigint AS revision
FROM epoch e;

-- name: CollectorRevisionsCompare :many
-- The same of many collectors, in no order.
SELECT u.user_id::text AS user_id, e.epoch, coalesce(c.revision, 0)::bigint AS revision
FROM epoch e CROSS JOIN (SELECT unnest(@user_ids::text[]) AS user_id) u
LEFT JOIN collector_revisions c ON c.user_id = u.user_id;

-- name: CollectorSectionsRead :batchone
-- The database's epoch and the collector's revisions: its own, that of the last change of each section, and that of
-- its last mend.
SELECT e.epoch, coalesce(c.revision, 0)::bigint AS revision, coalesce(c.summary_revision, 0)::bigint AS summary_revision,
    coalesce(c.themes_revision, 0)::bigint AS themes_revision, coalesce(c.recent_revision, 0)::bigint AS recent_revision,
    coalesce(c.partial_parts_revision, 0)::bigint AS partial_parts_revision,
    coalesce(c.mended_revision, 0)::bigint AS mended_revision
FROM epoch e LEFT JOIN collector_revisions c ON c.user_id = @user_id;

-- name: CollectorRevisionsLockFree :batchmany
-- Locks those of the collectors that nobody holds and that have no events waiting for another row, as
-- CollectorRevisionsLock does.
SELECT c.user_id, c.revision FROM collector_revisions c
WHERE c.user_id = ANY(@user_ids::text[])
    AND NOT EXISTS (SELECT FROM parked_events p WHERE p.user_id = c.user_id AND p.state = 'BLOCKED')
ORDER BY c.user_id FOR NO KEY UPDATE OF c SKIP LOCKED;

-- name: CollectorRevisionsMend :many
-- Takes the next revision of each collector, as a change of all four sections and as its last mend.
UPDATE collector_revisions c
SET revision = c.revision + 1, summary_revision = c.revision + 1, themes_revision = c.revision + 1,
    recent_revision = c.revision + 1, partial_parts_revision = c.revision + 1, mended_revision = c.revision + 1
WHERE c.user_id = ANY(@user_ids::text[])
RETURNING c.user_id, c.revision;
