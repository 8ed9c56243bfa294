-- +goose Up
-- The log of changes: only added to. Each hash covers the row and the hash before it,
-- as described in activity_hash.go. The folded columns are what is searched.
CREATE TABLE activity (
    id                  INTEGER NOT NULL PRIMARY KEY,
    at                  INTEGER NOT NULL,
    issuer              TEXT    NOT NULL,
    subject             TEXT    NOT NULL,
    name                TEXT    NOT NULL,
    name_folded         TEXT    NOT NULL,
    ip                  TEXT    NOT NULL,
    request_id          TEXT    NOT NULL,
    organization_id     INTEGER NOT NULL,
    operation           TEXT    NOT NULL,
    target_kind         TEXT    NOT NULL,
    target_id           INTEGER NOT NULL,
    target_name         TEXT    NOT NULL,
    target_name_folded  TEXT    NOT NULL,
    old_values          TEXT    NOT NULL,
    new_values          TEXT    NOT NULL,
    result              TEXT    NOT NULL CHECK (result IN ('begun', 'done', 'refused', 'failed', 'denied')),
    upstream_status     INTEGER NOT NULL,
    upstream_request_id TEXT    NOT NULL,
    message             TEXT    NOT NULL,
    begins_id           INTEGER REFERENCES activity (id),
    hash                BLOB    NOT NULL
) STRICT;
CREATE UNIQUE INDEX activity_one_completion ON activity (begins_id) WHERE begins_id IS NOT NULL;
CREATE INDEX activity_by_organization ON activity (organization_id, id) WHERE begins_id IS NULL;
CREATE INDEX activity_by_time ON activity (organization_id, at) WHERE begins_id IS NULL;
CREATE INDEX activity_by_operation ON activity (organization_id, operation, id) WHERE begins_id IS NULL;
CREATE INDEX activity_by_target ON activity (organization_id, target_kind, target_id, id) WHERE begins_id IS NULL;

-- +goose StatementBegin
CREATE TRIGGER activity_refuses_update BEFORE UPDATE ON activity
BEGIN
    SELECT RAISE(ABORT, 'activity is only added to');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER activity_refuses_delete BEFORE DELETE ON activity
BEGIN
    SELECT RAISE(ABORT, 'activity is only added to');
END;
-- +goose StatementEnd

-- INSERT OR REPLACE deletes without asking the trigger above.
-- +goose StatementBegin
CREATE TRIGGER activity_refuses_replace BEFORE INSERT ON activity
WHEN NEW.id IS NOT (SELECT coalesce(max(id), 0) + 1 FROM activity)
    OR EXISTS (SELECT 1 FROM activity WHERE begins_id = NEW.begins_id)
BEGIN
    SELECT RAISE(ABORT, 'activity is only added to');
END;
-- +goose StatementEnd

-- +goose Down
DROP TABLE activity;
