-- The collector's revision, and the revision of the last change of each section. Not derived: nothing lowers or
-- deletes a row. It is also what a projecting transaction locks.

-- +goose Up
CREATE TABLE collector_revisions (
    user_id                text COLLATE "C" NOT NULL PRIMARY KEY,
    revision               bigint           NOT NULL DEFAULT 0,
    summary_revision       bigint           NOT NULL DEFAULT 0,
    themes_revision        bigint           NOT NULL DEFAULT 0,
    recent_revision        bigint           NOT NULL DEFAULT 0,
    partial_parts_revision bigint           NOT NULL DEFAULT 0,
    mended_revision        bigint           NOT NULL DEFAULT 0,
    CONSTRAINT collector_revisions_sections CHECK (revision = greatest(summary_revision, themes_revision,
        recent_revision, partial_parts_revision) AND mended_revision BETWEEN 0 AND revision),
    CONSTRAINT collector_revisions_not_negative CHECK (least(summary_revision, themes_revision, recent_revision,
        partial_parts_revision) >= 0)
) WITH (fillfactor = 50);

-- +goose Down
DROP TABLE collector_revisions;
