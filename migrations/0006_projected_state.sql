-- What the engine has projected of each MOC, set and wishlist item, with its version. A deletion is a state too.
--
-- recent_revision is the collector's revision at which the MOC was last added, changed or deleted while among the
-- recent ten; partial_parts_revision the one at which its row of the partial parts last came, changed or went; 0 is
-- never. What changed since any revision follows from these, without a log.

-- +goose Up
CREATE TABLE projected_mocs (
    user_id                text COLLATE "C" NOT NULL,
    id                     uuid             NOT NULL,
    version                bigint           NOT NULL,
    deleted                boolean          NOT NULL,
    title                  text             NOT NULL,
    theme                  text COLLATE "C" NOT NULL,
    build_status           text             NOT NULL,
    cover_image_url        text,
    coverage_status        text             NOT NULL,
    coverage_percentage    integer          NOT NULL,
    created_at             timestamptz      NOT NULL,
    updated_at             timestamptz      NOT NULL,
    recent_revision        bigint           NOT NULL,
    partial_parts_revision bigint           NOT NULL,
    PRIMARY KEY (user_id, id),
    CONSTRAINT projected_mocs_build_status CHECK (build_status IN ('ADDED', 'IN_PROGRESS', 'BUILT')),
    CONSTRAINT projected_mocs_coverage_status CHECK (coverage_status IN ('FULL_INVENTORY', 'PARTIAL_ORDERED', 'NONE')),
    CONSTRAINT projected_mocs_coverage_percentage CHECK (coverage_percentage BETWEEN 0 AND 100),
    CONSTRAINT projected_mocs_version CHECK (version >= 1)
) WITH (fillfactor = 80);

-- The recent ten, when a deletion lets an older MOC move up.
CREATE INDEX projected_mocs_newest ON projected_mocs (user_id, created_at DESC, id DESC) WHERE NOT deleted;

CREATE TABLE projected_sets (
    user_id  text COLLATE "C" NOT NULL,
    id       uuid             NOT NULL,
    version  bigint           NOT NULL,
    deleted  boolean          NOT NULL,
    theme    text COLLATE "C" NOT NULL,
    quantity integer          NOT NULL,
    PRIMARY KEY (user_id, id),
    CONSTRAINT projected_sets_quantity CHECK (quantity BETWEEN 1 AND 9999),
    CONSTRAINT projected_sets_version CHECK (version >= 1)
) WITH (fillfactor = 80);

CREATE TABLE projected_wishlist_items (
    user_id text COLLATE "C" NOT NULL,
    id      uuid             NOT NULL,
    version bigint           NOT NULL,
    deleted boolean          NOT NULL,
    PRIMARY KEY (user_id, id),
    CONSTRAINT projected_wishlist_items_version CHECK (version >= 1)
) WITH (fillfactor = 80);

-- +goose Down
DROP TABLE projected_wishlist_items;
DROP TABLE projected_sets;
DROP TABLE projected_mocs;
