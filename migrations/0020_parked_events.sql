-- Events that could not be projected when their turn came, kept before their batch was acknowledged.
--
-- Waiting: LOCKED, somebody holds the collector; BLOCKED, somebody holds another row that the event changes, and later
-- events of the collector queue up behind it. Dead: UNREADABLE, undecodable or of an unknown type; REFUSED by the data.
-- What cannot be read of an event is an empty user_id and null.

-- +goose Up
CREATE TABLE parked_events (
    user_id      text COLLATE "C" NOT NULL,
    event_id     text COLLATE "C" NOT NULL,
    topic        text             NOT NULL,
    state        text             NOT NULL,
    error        text             NOT NULL,
    aggregate_id uuid,
    version      bigint,
    metadata     bytea,
    payload      bytea,
    parked_at    timestamptz      NOT NULL,
    tried_at     timestamptz      NOT NULL,
    PRIMARY KEY (user_id, event_id),
    CONSTRAINT parked_events_state CHECK (state IN ('LOCKED', 'BLOCKED', 'UNREADABLE', 'REFUSED'))
);

CREATE INDEX parked_events_waiting ON parked_events (parked_at) WHERE state IN ('LOCKED', 'BLOCKED');

-- +goose Down
DROP TABLE parked_events;
