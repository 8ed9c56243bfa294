-- +goose Up
-- The log of changes: only added to. Each hash covers the row and the hash before it,
-- as described in activity_hash.go. The folded columns are what is searched.
CREATE TABLE activity (
    id                  bigint NOT NULL PRIMARY KEY,
    at                  bigint NOT NULL,
    issuer              text    NOT NULL,
    subject             text    NOT NULL,
    name                text    NOT NULL,
    name_folded         text    NOT NULL,
    ip                  text    NOT NULL,
    request_id          text    NOT NULL,
    organization_id     bigint NOT NULL,
    operation           text    NOT NULL,
    target_kind         text    NOT NULL,
    target_id           bigint NOT NULL,
    target_name         text    NOT NULL,
    target_name_folded  text    NOT NULL,
    old_values          text    NOT NULL,
    new_values          text    NOT NULL,
    result              text    NOT NULL CHECK (result IN ('begun', 'done', 'refused', 'failed', 'denied')),
    upstream_status     bigint NOT NULL,
    upstream_request_id text    NOT NULL,
    message             text    NOT NULL,
    begins_id           bigint REFERENCES activity (id),
    hash                bytea   NOT NULL
);
CREATE UNIQUE INDEX activity_one_completion ON activity (begins_id) WHERE begins_id IS NOT NULL;
CREATE INDEX activity_by_organization ON activity (organization_id, id) WHERE begins_id IS NULL;
CREATE INDEX activity_by_time ON activity (organization_id, at) WHERE begins_id IS NULL;
CREATE INDEX activity_by_operation ON activity (organization_id, operation, id) WHERE begins_id IS NULL;
CREATE INDEX activity_by_target ON activity (organization_id, target_kind, target_id, id) WHERE begins_id IS NULL;

-- +goose StatementBegin
CREATE FUNCTION activity_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'activity is only added to';
END
$$;
-- +goose StatementEnd
CREATE TRIGGER activity_refuses BEFORE UPDATE OR DELETE OR TRUNCATE ON activity
    FOR EACH STATEMENT EXECUTE FUNCTION activity_refuse();
-- Also for a session that says it is a replica.
ALTER TABLE activity ENABLE ALWAYS TRIGGER activity_refuses;

-- +goose Down
DROP TABLE activity;
DROP FUNCTION activity_refuse();
