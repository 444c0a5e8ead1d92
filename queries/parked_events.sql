-- name: ParkedEventsWait :exec
-- Parks events that wait for a lock; what is parked already stays as it is.
INSERT INTO parked_events (user_id, event_id, topic, state, error, aggregate_id, version, metadata, payload, parked_at, tried_at)
SELECT unnest(@user_ids::text[]), unnest(@event_ids::text[]), @topic, @state, @error, unnest(@aggregate_ids::uuid[]),
    unnest(@versions::bigint[]), unnest(@metadata::bytea[]), unnest(@payloads::bytea[]), @parked_at, @tried_at
ON CONFLICT DO NOTHING;

-- name: ParkedEventsBury :many
-- Parks dead letters; returns those that were not dead before. An aggregate that is not known is the nil UUID, a version
-- 0.
INSERT INTO parked_events AS p (user_id, event_id, topic, state, error, aggregate_id, version, metadata, payload, parked_at, tried_at)
SELECT DISTINCT ON (l.user_id, l.event_id) l.user_id, l.event_id, @topic::text, @state::text, l.error,
    nullif(l.aggregate_id, '00000000-0000-0000-0000-000000000000'), nullif(l.version, 0), l.metadata, l.payload,
    @parked_at::timestamptz, @parked_at::timestamptz
FROM (SELECT unnest(@user_ids::text[]) AS user_id, unnest(@event_ids::text[]) AS event_id, unnest(@errors::text[]) AS error,
    unnest(@aggregate_ids::uuid[]) AS aggregate_id, unnest(@versions::bigint[]) AS version,
    unnest(@metadata::bytea[]) AS metadata, unnest(@payloads::bytea[]) AS payload) l
ORDER BY l.user_id, l.event_id
ON CONFLICT (user_id, event_id) DO UPDATE SET state = excluded.state, error = excluded.error, tried_at = excluded.tried_at
WHERE p.state IN ('LOCKED', 'BLOCKED')
RETURNING p.event_id;

-- name: ParkedEventsAmong :many
-- Which of these events are parked.
SELECT p.event_id FROM parked_events p
JOIN (SELECT unnest(@user_ids::text[]) AS user_id, unnest(@event_ids::text[]) AS event_id) k
    ON p.user_id = k.user_id AND p.event_id = k.event_id;

-- name: ParkedEventsTried :execrows
-- Notes a vain attempt.
UPDATE parked_events p SET state = @state, error = @error, tried_at = @tried_at
FROM (SELECT unnest(@user_ids::text[]) AS user_id, unnest(@event_ids::text[]) AS event_id) k
WHERE p.user_id = k.user_id AND p.event_id = k.event_id;

-- name: ParkedEventsRemove :exec
DELETE FROM parked_events p
USING (SELECT unnest(@user_ids::text[]) AS user_id, unnest(@event_ids::text[]) AS event_id) k
WHERE p.user_id = k.user_id AND p.event_id = k.event_id;

-- name: ParkedEventsFree :many
-- Events that waited for a collector whom nobody holds any more, the oldest first; not those that queue up behind a
-- blocked one.
SELECT p.* FROM parked_events p JOIN collector_revisions c ON c.user_id = p.user_id
WHERE p.state = 'LOCKED' AND NOT EXISTS (SELECT FROM parked_events b WHERE b.user_id = p.user_id AND b.state = 'BLOCKED')
ORDER BY p.parked_at LIMIT @page_size FOR NO KEY UPDATE OF c SKIP LOCKED;

-- name: ParkedEventsCollectors :many
-- Collectors whose events wait and were last tried before then.
SELECT user_id FROM parked_events WHERE state IN ('LOCKED', 'BLOCKED') AND tried_at < @tried_before
GROUP BY user_id ORDER BY min(tried_at) LIMIT @page_size;

-- name: ParkedEventsWaitingOf :many
-- The collector's waiting events, the oldest first.
SELECT * FROM parked_events WHERE user_id = @user_id AND state IN ('LOCKED', 'BLOCKED') ORDER BY parked_at LIMIT @page_size;

-- name: ParkedEventsWaitingLag :many
-- Of each topic: how many events wait, how long the oldest does, and what for.
SELECT topic, count(*) AS events, coalesce(extract(epoch FROM clock_timestamp() - min(parked_at)), 0)::double precision AS oldest_seconds,
    ((array_agg(error ORDER BY parked_at))[1])::text AS error
FROM parked_events WHERE state IN ('LOCKED', 'BLOCKED') GROUP BY topic;

-- name: ParkedEventsDead :many
-- The dead letters, the oldest first; of these ids, unless there are none.
SELECT * FROM parked_events
WHERE state IN ('UNREADABLE', 'REFUSED') AND (cardinality(@event_ids::text[]) = 0 OR event_id = ANY(@event_ids::text[]))
ORDER BY parked_at, event_id;

-- name: ParkedEventsDeadCount :one
-- Dead letters whose aggregate has not come to their version by another way.
SELECT count(*) FROM parked_events p WHERE p.state IN ('UNREADABLE', 'REFUSED')
    AND NOT EXISTS (SELECT FROM projected_mocs m WHERE m.user_id = p.user_id AND m.id = p.aggregate_id AND m.version >= p.version)
    AND NOT EXISTS (SELECT FROM projected_sets s WHERE s.user_id = p.user_id AND s.id = p.aggregate_id AND s.version >= p.version)
    AND NOT EXISTS (SELECT FROM projected_wishlist_items w
        WHERE w.user_id = p.user_id AND w.id = p.aggregate_id AND w.version >= p.version);

-- name: ParkedEventsHealed :many
-- The dead letters whose aggregate has come to their version by another way, with their collector's revision.
SELECT p.user_id, p.event_id, c.revision FROM parked_events p JOIN collector_revisions c ON c.user_id = p.user_id
WHERE p.state IN ('UNREADABLE', 'REFUSED')
    AND (EXISTS (SELECT FROM projected_mocs m WHERE m.user_id = p.user_id AND m.id = p.aggregate_id AND m.version >= p.version)
    OR EXISTS (SELECT FROM projected_sets s WHERE s.user_id = p.user_id AND s.id = p.aggregate_id AND s.version >= p.version)
    OR EXISTS (SELECT FROM projected_wishlist_items w
        WHERE w.user_id = p.user_id AND w.id = p.aggregate_id AND w.version >= p.version));

-- name: ParkedEventsDiscard :many
-- Deletes dead letters for good.
DELETE FROM parked_events WHERE state IN ('UNREADABLE', 'REFUSED') AND event_id = ANY(@event_ids::text[]) RETURNING event_id;
