-- +goose Up
-- Forms that were sent after the session had ended, sealed, until whoever typed them has
-- signed in again. The key is the SHA-256 of a secret that only their browser has.
CREATE TABLE drafts (
    key     BLOB NOT NULL PRIMARY KEY,
    expires INTEGER NOT NULL,
    data    BLOB NOT NULL
) STRICT;
CREATE INDEX drafts_by_expires ON drafts (expires);

-- +goose Down
DROP TABLE drafts;
