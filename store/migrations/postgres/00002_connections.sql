-- +goose Up
-- What a person chose to keep beyond their session, sealed by package auth.
CREATE TABLE connections (
    subject text   NOT NULL PRIMARY KEY,
    updated bigint NOT NULL,
    data    bytea  NOT NULL
);

-- +goose Down
DROP TABLE connections;
