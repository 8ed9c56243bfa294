-- +goose Up
-- Times are milliseconds since 1970 in UTC. The key is the SHA-256 of the id in the
-- browser's cookie; data is sealed by package auth with a key that needs that id.
CREATE TABLE sessions (
    key       bytea  NOT NULL PRIMARY KEY,
    subject   text   NOT NULL,
    created   bigint NOT NULL,
    last_seen bigint NOT NULL,
    expires   bigint NOT NULL,
    revision  bigint NOT NULL,
    data      bytea  NOT NULL
);
CREATE INDEX sessions_by_subject ON sessions (subject);
CREATE INDEX sessions_by_expires ON sessions (expires);

-- +goose Down
DROP TABLE sessions;
