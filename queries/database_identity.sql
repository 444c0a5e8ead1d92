-- name: DatabaseIdentityRead :one
-- The identity that the positions belong to, and that of the database at hand.
SELECT kept.system_identifier AS kept_system_identifier, kept.timeline AS kept_timeline, kept.database_oid AS kept_database_oid,
    present.system_identifier::bigint AS system_identifier, present.timeline::text AS timeline, present.database_oid::bigint AS database_oid
FROM database_identity kept, present_identity present;

-- name: DatabaseIdentityLock :exec
-- Of several programs that notice a change of identity, one mends: held until the transaction ends.
SELECT pg_advisory_xact_lock(hashtextextended('brickboard identity', 0));

-- name: DatabaseIdentityTake :exec
UPDATE database_identity kept
SET system_identifier = present.system_identifier, timeline = present.timeline, database_oid = present.database_oid
FROM present_identity present;

-- name: EpochBegin :exec
-- Begins a new epoch.
UPDATE epoch SET epoch = gen_random_uuid();
