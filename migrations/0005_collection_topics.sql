-- The event topic, split by a hash of the collector into two topics of their own table and position. The messages have
-- the columns of watermill-sql; the payload is bytes, so that whatever a program wrote can be stored, read and parked.
--
-- A position says what is projected: all that is visible in the snapshot "position". Between two parts of a cut batch
-- "reading" is the snapshot that is being read and the cut pair is the last message of it that is projected.
-- The row exists from the start, at a snapshot in which nothing is visible: everything is still to come.

-- +goose Up
CREATE TABLE watermill_collection_0 (
    "offset"       bigserial   NOT NULL,
    uuid           varchar(36) NOT NULL,
    created_at     timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP,
    payload        bytea,
    metadata       json,
    transaction_id xid8        NOT NULL,
    CONSTRAINT watermill_collection_0_pkey PRIMARY KEY (transaction_id, "offset")
) WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);

CREATE TABLE watermill_offsets_collection_0 (
    consumer_group     varchar(255) NOT NULL,
    position           pg_snapshot  NOT NULL,
    reading            pg_snapshot,
    cut_transaction_id xid8,
    cut_offset         bigint,
    CONSTRAINT watermill_offsets_collection_0_pkey PRIMARY KEY (consumer_group),
    CONSTRAINT watermill_offsets_collection_0_cut_whole CHECK (num_nulls(reading, cut_transaction_id, cut_offset) IN (0, 3))
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);

INSERT INTO watermill_offsets_collection_0 (consumer_group, position) VALUES ('projections', '1:1:');

CREATE TABLE watermill_collection_1 (
    "offset"       bigserial   NOT NULL,
    uuid           varchar(36) NOT NULL,
    created_at     timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP,
    payload        bytea,
    metadata       json,
    transaction_id xid8        NOT NULL,
    CONSTRAINT watermill_collection_1_pkey PRIMARY KEY (transaction_id, "offset")
) WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);

CREATE TABLE watermill_offsets_collection_1 (
    consumer_group     varchar(255) NOT NULL,
    position           pg_snapshot  NOT NULL,
    reading            pg_snapshot,
    cut_transaction_id xid8,
    cut_offset         bigint,
    CONSTRAINT watermill_offsets_collection_1_pkey PRIMARY KEY (consumer_group),
    CONSTRAINT watermill_offsets_collection_1_cut_whole CHECK (num_nulls(reading, cut_transaction_id, cut_offset) IN (0, 3))
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);

INSERT INTO watermill_offsets_collection_1 (consumer_group, position) VALUES ('projections', '1:1:');

-- +goose Down
DROP TABLE watermill_offsets_collection_1;
DROP TABLE watermill_collection_1;
DROP TABLE watermill_offsets_collection_0;
DROP TABLE watermill_collection_0;
