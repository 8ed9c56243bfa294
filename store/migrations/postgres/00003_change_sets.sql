-- +goose Up
-- Times are milliseconds since 1970 in UTC; 0 is never.
CREATE TABLE change_sets (
    id              text   NOT NULL PRIMARY KEY,
    organization_id bigint NOT NULL,
    subject         text   NOT NULL,
    state           text   NOT NULL CHECK (state IN ('staged', 'applying', 'stopped', 'applied', 'discarded')),
    undo_of         text   NOT NULL,
    note            text   NOT NULL,
    resume_at       bigint NOT NULL,
    holder          text   NOT NULL,
    held_until      bigint NOT NULL,
    created         bigint NOT NULL,
    updated         bigint NOT NULL,
    applied         bigint NOT NULL,
    CHECK ((state = 'applying') = (holder <> ''))
);
CREATE UNIQUE INDEX change_sets_one_staged ON change_sets (organization_id, subject) WHERE state = 'staged';
CREATE INDEX change_sets_by_organization ON change_sets (organization_id, created);
CREATE INDEX change_sets_by_age ON change_sets (state, updated);

CREATE TABLE change_steps (
    set_id               text   NOT NULL REFERENCES change_sets (id) ON DELETE CASCADE,
    id                   bigint NOT NULL,
    row_kind             text   NOT NULL CHECK (row_kind IN ('user', 'group')),
    row_id               bigint NOT NULL,
    organization_user_id bigint NOT NULL,
    row_name             text   NOT NULL,
    row_email            text   NOT NULL,
    workspace_id         bigint NOT NULL,
    workspace_name       text   NOT NULL,
    op                   text   NOT NULL CHECK (op IN ('add', 'remove')),
    was                  text   NOT NULL,
    state                text   NOT NULL CHECK (state IN ('staged', 'sending', 'done', 'refused', 'unknown', 'held', 'already')),
    message              text   NOT NULL,
    attempt              bigint NOT NULL,
    sent                 bigint NOT NULL,
    done                 bigint NOT NULL,
    PRIMARY KEY (set_id, id)
);
CREATE UNIQUE INDEX change_steps_one_per_cell ON change_steps (set_id, row_kind, row_id, workspace_id);

-- +goose Down
DROP TABLE change_steps;
DROP TABLE change_sets;
