-- The live bus: which collectors have come to which revisions, for the sockets of all servers. Its messages may be
-- lost without harm, so it has no positions that last, and they go by age.

-- +goose Up
CREATE TABLE watermill_live (
    "offset"       bigserial   NOT NULL,
    uuid           varchar(36) NOT NULL,
    created_at     timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP,
    payload        bytea,
    metadata       json,
    transaction_id xid8        NOT NULL,
    CONSTRAINT watermill_live_pkey PRIMARY KEY (transaction_id, "offset")
) WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);

-- +goose Down
DROP TABLE watermill_live;
