-- What is still to come. unread_events: the messages that the projections' positions have not passed, found by the same
-- two probes of the primary key that delivery makes. awaited_versions: which versions of which aggregates will be
-- projected by themselves, because a message or a waiting event carries them; as text, for metadata may hold anything.

-- +goose Up
CREATE VIEW unread_events AS
SELECT 'collection_0' AS topic, m.created_at, m.metadata
FROM watermill_offsets_collection_0 o
CROSS JOIN LATERAL (
    SELECT f.transaction_id, f."offset", f.created_at, f.metadata FROM watermill_collection_0 f
    WHERE f.transaction_id >= pg_snapshot_xmax(o.position)
    UNION ALL
    SELECT l.transaction_id, l."offset", l.created_at, l.metadata FROM watermill_collection_0 l
    WHERE l.transaction_id = ANY (ARRAY(SELECT pg_snapshot_xip(o.position)))
) m
WHERE o.consumer_group = 'projections' AND NOT coalesce(pg_visible_in_snapshot(m.transaction_id, o.reading)
    AND (m.transaction_id, m."offset") <= (o.cut_transaction_id, o.cut_offset), false)
UNION ALL
SELECT 'collection_1', m.created_at, m.metadata
FROM watermill_offsets_collection_1 o
CROSS JOIN LATERAL (
    SELECT f.transaction_id, f."offset", f.created_at, f.metadata FROM watermill_collection_1 f
    WHERE f.transaction_id >= pg_snapshot_xmax(o.position)
    UNION ALL
    SELECT l.transaction_id, l."offset", l.created_at, l.metadata FROM watermill_collection_1 l
    WHERE l.transaction_id = ANY (ARRAY(SELECT pg_snapshot_xip(o.position)))
) m
WHERE o.consumer_group = 'projections' AND NOT coalesce(pg_visible_in_snapshot(m.transaction_id, o.reading)
    AND (m.transaction_id, m."offset") <= (o.cut_transaction_id, o.cut_offset), false);

CREATE VIEW awaited_versions AS
SELECT u.metadata ->> 'aggregate_id' AS aggregate_id, u.metadata ->> 'version' AS version FROM unread_events u
UNION ALL
SELECT p.aggregate_id::text, p.version::text FROM parked_events p WHERE p.state IN ('LOCKED', 'BLOCKED');

-- +goose Down
DROP VIEW awaited_versions;
DROP VIEW unread_events;
