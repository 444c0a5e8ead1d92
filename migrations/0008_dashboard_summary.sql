-- The section summary of each collector's view.

-- +goose Up
CREATE TABLE dashboard_summary (
    user_id              text COLLATE "C" NOT NULL PRIMARY KEY,
    total_mocs           bigint           NOT NULL DEFAULT 0,
    total_wishlist_items bigint           NOT NULL DEFAULT 0,
    mocs_added           bigint           NOT NULL DEFAULT 0,
    mocs_in_progress     bigint           NOT NULL DEFAULT 0,
    mocs_built           bigint           NOT NULL DEFAULT 0,
    mocs_full_inventory  bigint           NOT NULL DEFAULT 0,
    mocs_partial_ordered bigint           NOT NULL DEFAULT 0,
    mocs_none            bigint           NOT NULL DEFAULT 0,
    CONSTRAINT dashboard_summary_not_negative CHECK (least(total_mocs, total_wishlist_items, mocs_added,
        mocs_in_progress, mocs_built, mocs_full_inventory, mocs_partial_ordered, mocs_none) >= 0),
    CONSTRAINT dashboard_summary_by_build_status CHECK (mocs_added + mocs_in_progress + mocs_built = total_mocs),
    CONSTRAINT dashboard_summary_by_coverage_status
        CHECK (mocs_full_inventory + mocs_partial_ordered + mocs_none = total_mocs)
) WITH (fillfactor = 50);

-- +goose Down
DROP TABLE dashboard_summary;
