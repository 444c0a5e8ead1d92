-- name: IdempotencyKeyClaim :execrows
-- Takes a key that is free or older than expired_before: 1 row. 0 rows: an answer is kept. It waits for a request that
-- holds the same key at this moment.
INSERT INTO idempotency_keys (user_id, key, fingerprint, created_at)
VALUES (@user_id, @key, @fingerprint, @created_at)
ON CONFLICT (user_id, key) DO UPDATE
SET fingerprint = excluded.fingerprint, created_at = excluded.created_at,
    status = NULL, location = NULL, etag = NULL, body = NULL
WHERE idempotency_keys.created_at < @expired_before;

-- name: IdempotencyKeyGet :one
SELECT fingerprint, status, location, etag, body FROM idempotency_keys WHERE user_id = @user_id AND key = @key;

-- name: IdempotencyKeyAnswer :exec
UPDATE idempotency_keys SET status = @status, location = @location, etag = @etag, body = @body
WHERE user_id = @user_id AND key = @key;

-- name: IdempotencyKeyPurge :execrows
-- Deletes at most page_size keys that are older than expired_before. The age is looked at twice: only the outer
-- condition is checked again when a request that takes the key over at this moment has committed.
DELETE FROM idempotency_keys
WHERE idempotency_keys.created_at < @expired_before AND (user_id, key) IN (
    SELECT k.user_id, k.key FROM idempotency_keys k WHERE k.created_at < @expired_before LIMIT @page_size
);
