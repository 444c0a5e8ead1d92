-- The write model of the wishlist. A deleted row stays, hidden from every read.

-- +goose Up
CREATE TABLE wishlist_items (
    user_id    text COLLATE "C" NOT NULL,
    id         uuid             NOT NULL,
    kind       text             NOT NULL,
    title      text             NOT NULL,
    reference  text,
    theme      text COLLATE "C",
    version    bigint           NOT NULL,
    created_at timestamptz      NOT NULL,
    updated_at timestamptz      NOT NULL,
    deleted_at timestamptz,
    PRIMARY KEY (user_id, id),
    CONSTRAINT wishlist_items_user_id_length CHECK (octet_length(user_id) BETWEEN 1 AND 255),
    CONSTRAINT wishlist_items_kind CHECK (kind IN ('MOC', 'SET')),
    CONSTRAINT wishlist_items_title_length CHECK (char_length(title) BETWEEN 1 AND 200),
    CONSTRAINT wishlist_items_reference_length CHECK (char_length(reference) BETWEEN 1 AND 200),
    CONSTRAINT wishlist_items_theme_length CHECK (char_length(theme) BETWEEN 1 AND 80),
    CONSTRAINT wishlist_items_version CHECK (version >= 1)
) WITH (fillfactor = 90);

CREATE INDEX wishlist_items_newest ON wishlist_items (user_id, created_at DESC, id DESC) WHERE deleted_at IS NULL;

-- +goose Down
DROP TABLE wishlist_items;
