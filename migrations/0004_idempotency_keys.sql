-- The answers of requests that carried an Idempotency-Key, written in the transaction of their command. The answer's
-- columns are null only inside that transaction.

-- +goose Up
CREATE TABLE idempotency_keys (
    user_id     text COLLATE "C" NOT NULL,
    key         text COLLATE "C" NOT NULL,
    fingerprint bytea            NOT NULL,
    status      integer,
    location    text,
    etag        text,
    body        bytea,
    created_at  timestamptz      NOT NULL,
    PRIMARY KEY (user_id, key),
    CONSTRAINT idempotency_keys_key_length CHECK (octet_length(key) BETWEEN 1 AND 255)
);

CREATE INDEX idempotency_keys_created_at ON idempotency_keys (created_at);

-- +goose Down
DROP TABLE idempotency_keys;
