-- The write model of owned sets. A deleted row stays, hidden from every read.

-- +goose Up
CREATE TABLE sets (
    user_id    text COLLATE "C" NOT NULL,
    id         uuid             NOT NULL,
    set_number text COLLATE "C" NOT NULL,
    name       text             NOT NULL,
    theme      text COLLATE "C" NOT NULL,
    quantity   integer          NOT NULL,
    version    bigint           NOT NULL,
    created_at timestamptz      NOT NULL,
    updated_at timestamptz      NOT NULL,
    deleted_at timestamptz,
    PRIMARY KEY (user_id, id),
    CONSTRAINT sets_user_id_length CHECK (octet_length(user_id) BETWEEN 1 AND 255),
    CONSTRAINT sets_set_number_length CHECK (char_length(set_number) BETWEEN 1 AND 64),
    CONSTRAINT sets_name_length CHECK (char_length(name) BETWEEN 1 AND 200),
    CONSTRAINT sets_theme_length CHECK (char_length(theme) BETWEEN 1 AND 80),
    CONSTRAINT sets_quantity CHECK (quantity BETWEEN 1 AND 9999),
    CONSTRAINT sets_version CHECK (version >= 1)
) WITH (fillfactor = 90);

CREATE INDEX sets_newest ON sets (user_id, created_at DESC, id DESC) WHERE deleted_at IS NULL;

-- +goose Down
DROP TABLE sets;
