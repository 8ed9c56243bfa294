-- +goose Up
-- What a person chose to keep beyond their session, sealed by package auth.
CREATE TABLE connections (
    subject TEXT    NOT NULL PRIMARY KEY,
    updated INTEGER NOT NULL,
    data    BLOB    NOT NULL
) STRICT;

-- +goose Down
DROP TABLE connections;
