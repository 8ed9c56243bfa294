-- +goose Up
-- Times are milliseconds since 1970 in UTC; 0 is never.
CREATE TABLE change_sets (
    id              TEXT    NOT NULL PRIMARY KEY,
    organization_id INTEGER NOT NULL,
    subject         TEXT    NOT NULL,
    state           TEXT    NOT NULL CHECK (state IN ('staged', 'applying', 'stopped', 'applied', 'discarded')),
    undo_of         TEXT    NOT NULL,
    note            TEXT    NOT NULL,
    resume_at       INTEGER NOT NULL,
    holder          TEXT    NOT NULL,
    held_until      INTEGER NOT NULL,
    created         INTEGER NOT NULL,
    updated         INTEGER NOT NULL,
    applied         INTEGER NOT NULL,
    CHECK ((state = 'applying') = (holder <> ''))
) STRICT;
CREATE UNIQUE INDEX change_sets_one_staged ON change_sets (organization_id, subject) WHERE state = 'staged';
CREATE INDEX change_sets_by_organization ON change_sets (organization_id, created);
CREATE INDEX change_sets_by_age ON change_sets (state, updated);

CREATE TABLE change_steps (
    set_id               TEXT    NOT NULL REFERENCES change_sets (id) ON DELETE CASCADE,
    id                   INTEGER NOT NULL,
    row_kind             TEXT    NOT NULL CHECK (row_kind IN ('user', 'group')),
    row_id               INTEGER NOT NULL,
    organization_user_id INTEGER NOT NULL,
    row_name             TEXT    NOT NULL,
    row_email            TEXT    NOT NULL,
    workspace_id         INTEGER NOT NULL,
    workspace_name       TEXT    NOT NULL,
    op                   TEXT    NOT NULL CHECK (op IN ('add', 'remove')),
    was                  TEXT    NOT NULL,
    state                TEXT    NOT NULL CHECK (state IN ('staged', 'sending', 'done', 'refused', 'unknown', 'held', 'already')),
    message              TEXT    NOT NULL,
    attempt              INTEGER NOT NULL,
    sent                 INTEGER NOT NULL,
    done                 INTEGER NOT NULL,
    PRIMARY KEY (set_id, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX change_steps_one_per_cell ON change_steps (set_id, row_kind, row_id, workspace_id);

-- +goose Down
DROP TABLE change_steps;
DROP TABLE change_sets;
