-- The section recent: at most the ten MOCs shown.

-- +goose Up
CREATE TABLE recent_mocs (
    user_id         text COLLATE "C" NOT NULL,
    id              uuid             NOT NULL,
    title           text             NOT NULL,
    theme           text COLLATE "C" NOT NULL,
    build_status    text             NOT NULL,
    cover_image_url text,
    created_at      timestamptz      NOT NULL,
    PRIMARY KEY (user_id, id),
    CONSTRAINT recent_mocs_build_status CHECK (build_status IN ('ADDED', 'IN_PROGRESS', 'BUILT'))
) WITH (fillfactor = 70);

-- +goose Down
DROP TABLE recent_mocs;
