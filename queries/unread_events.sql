-- name: UnreadEventsLag :many
-- Of each topic: how many messages are unread and the age of the oldest.
SELECT topic, count(*) AS events, coalesce(extract(epoch FROM clock_timestamp() - min(created_at)), 0)::double precision AS oldest_seconds
FROM unread_events GROUP BY topic;

-- name: AwaitedVersions :many
-- Which versions of which aggregates will be projected by themselves.
SELECT coalesce(aggregate_id, '')::text AS aggregate_id, coalesce(version, '')::text AS version FROM awaited_versions;

-- name: PositionsRead :many
-- How far each topic is read; another text means that it moved.
SELECT 'collection_0'::text AS topic, (o.position::text || coalesce(o.reading::text || o.cut_transaction_id::text || '/' || o.cut_offset::text, ''))::text AS position
FROM watermill_offsets_collection_0 o WHERE o.consumer_group = 'projections'
UNION ALL
SELECT 'collection_1', (o.position::text || coalesce(o.reading::text || o.cut_transaction_id::text || '/' || o.cut_offset::text, ''))::text
FROM watermill_offsets_collection_1 o WHERE o.consumer_group = 'projections';
