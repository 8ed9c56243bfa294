-- +goose Up
-- What outlives the process that made it, packed by records_pack.go: how far a batch
-- is, what became of an invitation, an access review. It holds names and addresses, as
-- the activity does, and no secret. Times are milliseconds since 1970 in UTC; 0 is
-- never. A holder works on the record until its lease ends.
CREATE TABLE records (
    id              text NOT NULL PRIMARY KEY,
    kind            text NOT NULL,
    subject         text NOT NULL,
    organization_id bigint NOT NULL,
    data            bytea NOT NULL,
    progress        bytea NOT NULL,
    holder          text NOT NULL,
    held_until      bigint NOT NULL,
    stop            bigint NOT NULL,
    created         bigint NOT NULL,
    expires         bigint NOT NULL
);
CREATE INDEX records_by_person ON records (subject, organization_id, kind, created);
CREATE INDEX records_by_expires ON records (expires);

-- +goose Down
DROP TABLE records;
