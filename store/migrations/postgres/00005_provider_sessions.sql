-- +goose Up
-- The provider is a SHA-256 of an OpenID provider's address and its name for the
-- session there; NULL for who did not sign in through one.
ALTER TABLE sessions ADD COLUMN provider bytea;
CREATE INDEX sessions_by_provider ON sessions (provider) WHERE provider IS NOT NULL;

-- What may be used once. The key is the SHA-256 of it; expires, in milliseconds since
-- 1970, is when it would no longer be taken anyway.
CREATE TABLE used_marks (
    key     bytea NOT NULL PRIMARY KEY,
    expires bigint NOT NULL
);
CREATE INDEX used_marks_by_expires ON used_marks (expires);

-- +goose Down
DROP TABLE used_marks;
DROP INDEX sessions_by_provider;
ALTER TABLE sessions DROP COLUMN provider;
