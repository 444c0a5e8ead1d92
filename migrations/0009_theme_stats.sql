-- The section themes: MOCs, and sets by quantity, of each theme. A theme of zeros has no row once its transaction ends.

-- +goose Up
CREATE TABLE theme_stats (
    user_id   text COLLATE "C" NOT NULL,
    theme     text COLLATE "C" NOT NULL,
    moc_count bigint           NOT NULL,
    set_count bigint           NOT NULL,
    PRIMARY KEY (user_id, theme),
    CONSTRAINT theme_stats_not_negative CHECK (moc_count >= 0 AND set_count >= 0)
) WITH (fillfactor = 70);

-- +goose Down
DROP TABLE theme_stats;
