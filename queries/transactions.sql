-- name: TransactionOfBatch :exec
-- Bounds each wait for a lock in the rest of the transaction, by text as PostgreSQL reads it, such as 1s; and lets a large
-- batch be joined in memory.
SELECT set_config('lock_timeout', @lock_timeout, true), set_config('work_mem', '32MB', true);

-- name: TransactionByIndex :exec
-- Keeps the rest of the transaction to plans that cannot blow up when statistics are older than the data: the rows of
-- some collectors by index, joined by hash or merge.
SELECT set_config('enable_nestloop', 'off', true), set_config('enable_seqscan', 'off', true);

-- name: TransactionMayIdle :exec
-- Lets the rest of the transaction idle for as long as it likes.
SELECT set_config('idle_in_transaction_session_timeout', '0', true);

-- name: TransactionHolders :many
-- Who holds what the server process waits for.
SELECT a.pid::integer AS pid, coalesce(a.application_name, '')::text AS application_name, coalesce(extract(epoch FROM clock_timestamp() - a.xact_start), 0)::double precision AS age_seconds
FROM pg_catalog.pg_stat_activity a WHERE a.pid = ANY (pg_blocking_pids(@pid));

-- name: TransactionSnapshot :one
-- Lets other transactions see what this one sees, while it is open.
SELECT pg_export_snapshot();

-- name: TransactionHoldersOfPosition :many
-- Who has touched the position of a topic in a transaction that is still open, subscribers at work among them.
SELECT a.pid::integer AS pid, coalesce(a.application_name, '')::text AS application_name,
    coalesce(extract(epoch FROM clock_timestamp() - a.xact_start), 0)::double precision AS age_seconds
FROM pg_catalog.pg_stat_activity a
WHERE a.pid <> pg_backend_pid() AND EXISTS (
    SELECT FROM pg_catalog.pg_locks l
    WHERE l.pid = a.pid AND l.granted AND l.relation = ('watermill_offsets_' || @topic::text)::regclass AND l.mode <> 'AccessShareLock');

-- name: TransactionSubscribers :one
-- How many connections of servers that project are there.
SELECT count(*) FROM pg_catalog.pg_stat_activity a
WHERE a.datname = current_database() AND a.application_name = 'brickboard subscriber';
