-- What changed since a revision is found among the MOCs touched since: the differences that sockets are told.

-- +goose Up
CREATE INDEX projected_mocs_partial_parts ON projected_mocs (user_id, partial_parts_revision)
    WHERE partial_parts_revision > 0;
CREATE INDEX projected_mocs_gone ON projected_mocs (user_id, recent_revision) WHERE deleted AND recent_revision > 0;

-- +goose Down
DROP INDEX projected_mocs_gone;
DROP INDEX projected_mocs_partial_parts;
