-- The section partial parts: the MOCs whose coverage is PARTIAL_ORDERED.

-- +goose Up
CREATE TABLE partial_parts (
    user_id             text COLLATE "C" NOT NULL,
    id                  uuid             NOT NULL,
    title               text             NOT NULL,
    theme               text COLLATE "C" NOT NULL,
    build_status        text             NOT NULL,
    coverage_percentage integer          NOT NULL,
    last_updated_at     timestamptz      NOT NULL,
    PRIMARY KEY (user_id, id),
    CONSTRAINT partial_parts_build_status CHECK (build_status IN ('ADDED', 'IN_PROGRESS', 'BUILT')),
    CONSTRAINT partial_parts_coverage_percentage CHECK (coverage_percentage BETWEEN 0 AND 100)
) WITH (fillfactor = 70);

-- +goose Down
DROP TABLE partial_parts;
