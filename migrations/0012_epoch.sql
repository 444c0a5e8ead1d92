-- The epoch: the name of the history that revisions belong to. One row; another epoch means that revisions cannot be
-- compared any more.

-- +goose Up
CREATE TABLE epoch (
    only_row boolean NOT NULL PRIMARY KEY DEFAULT true,
    epoch    uuid    NOT NULL,
    CONSTRAINT epoch_only_row CHECK (only_row)
);

INSERT INTO epoch (epoch) VALUES (gen_random_uuid());

-- +goose Down
DROP TABLE epoch;
