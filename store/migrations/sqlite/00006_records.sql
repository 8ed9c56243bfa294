-- +goose Up
-- What outlives the process that made it, packed by records_pack.go: how far a batch
-- is, what became of an invitation, an access review. It holds names and addresses, as
-- the activity does, and no secret. Times are milliseconds since 1970 in UTC; 0 is
-- never. A holder works on the record until its lease ends.
CREATE TABLE records (
    id              TEXT NOT NULL PRIMARY KEY,
    kind            TEXT NOT NULL,
    subject         TEXT NOT NULL,
    organization_id INTEGER NOT NULL,
    data            BLOB NOT NULL,
    progress        BLOB NOT NULL,
    holder          TEXT NOT NULL,
    held_until      INTEGER NOT NULL,
    stop            INTEGER NOT NULL,
    created         INTEGER NOT NULL,
    expires         INTEGER NOT NULL
) STRICT;
CREATE INDEX records_by_person ON records (subject, organization_id, kind, created);
CREATE INDEX records_by_expires ON records (expires);

-- +goose Down
DROP TABLE records;
