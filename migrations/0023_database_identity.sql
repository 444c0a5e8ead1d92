-- Which database the positions and revisions were counted in. Where it is another one now, they mean nothing any more.

-- +goose Up
CREATE TABLE database_identity (
    only_row          boolean NOT NULL PRIMARY KEY DEFAULT true,
    system_identifier bigint  NOT NULL,
    timeline          text    NOT NULL,
    database_oid      bigint  NOT NULL,
    CONSTRAINT database_identity_only_row CHECK (only_row)
);

CREATE VIEW present_identity AS
SELECT ((pg_control_system()).system_identifier)::bigint AS system_identifier,
    substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8) AS timeline,
    (SELECT oid::bigint FROM pg_catalog.pg_database WHERE datname = current_database()) AS database_oid;

INSERT INTO database_identity (system_identifier, timeline, database_oid)
SELECT system_identifier, timeline, database_oid FROM present_identity;

-- +goose Down
DROP VIEW present_identity;
DROP TABLE database_identity;
