-- The write model of MOCs. A deleted row stays, hidden from every read, so that a rebuild from nothing knows of it.

-- +goose Up
CREATE TABLE mocs (
    user_id         text COLLATE "C" NOT NULL,
    id              uuid             NOT NULL,
    title           text             NOT NULL,
    theme           text COLLATE "C" NOT NULL,
    build_status    text             NOT NULL,
    cover_image_url text,
    parts_total     integer          NOT NULL,
    parts_owned     integer          NOT NULL,
    parts_ordered   integer          NOT NULL,
    version         bigint           NOT NULL,
    created_at      timestamptz      NOT NULL,
    updated_at      timestamptz      NOT NULL,
    deleted_at      timestamptz,
    PRIMARY KEY (user_id, id),
    CONSTRAINT mocs_user_id_length CHECK (octet_length(user_id) BETWEEN 1 AND 255),
    CONSTRAINT mocs_title_length CHECK (char_length(title) BETWEEN 1 AND 200),
    CONSTRAINT mocs_theme_length CHECK (char_length(theme) BETWEEN 1 AND 80),
    CONSTRAINT mocs_build_status CHECK (build_status IN ('ADDED', 'IN_PROGRESS', 'BUILT')),
    CONSTRAINT mocs_cover_image_url_length CHECK (char_length(cover_image_url) BETWEEN 1 AND 2048),
    CONSTRAINT mocs_parts CHECK (parts_total BETWEEN 0 AND 1000000 AND parts_owned >= 0 AND parts_ordered >= 0
        AND parts_owned + parts_ordered <= parts_total),
    CONSTRAINT mocs_version CHECK (version >= 1)
) WITH (fillfactor = 90);

-- The gallery: newest first, page after page.
CREATE INDEX mocs_newest ON mocs (user_id, created_at DESC, id DESC) WHERE deleted_at IS NULL;

-- +goose Down
DROP TABLE mocs;
