-- +goose Up
-- Times are milliseconds since 1970 in UTC. The key is the SHA-256 of the id in the
-- browser's cookie; data is sealed by package auth with a key that needs that id.
CREATE TABLE sessions (
    key       BLOB    NOT NULL PRIMARY KEY,
    subject   TEXT    NOT NULL,
    created   INTEGER NOT NULL,
    last_seen INTEGER NOT NULL,
    expires   INTEGER NOT NULL,
    revision  INTEGER NOT NULL,
    data      BLOB    NOT NULL
) STRICT;
CREATE INDEX sessions_by_subject ON sessions (subject);
CREATE INDEX sessions_by_expires ON sessions (expires);

-- +goose Down
DROP TABLE sessions;
