package store

import (
	"context"
	"fmt"
	"math"
	"time"
)

// The states of a step.
const (
	StepStaged  = "staged"  // not sent
	StepSending = "sending" // written before its request; without an answer so far
	StepDone    = "done"
	StepRefused = "refused" // by the upstream, whose words are in Message
	StepUnknown = "unknown" // sent, and the answer is lost
	StepHeld    = "held"    // not sent: the cell is no longer as it was
	StepAlready = "already" // not sent: the cell is as wanted
)

// The operations of a step.
const (
	OpAdd    = "add"
	OpRemove = "remove"
)

// The kinds of rows.
const (
	RowUser  = "user"
	RowGroup = "group"
)

// A Step is one cell of a change set: a user or a group, and a workspace. There is
// one of each cell in a set. Times are kept to the millisecond.
type Step struct {
	ID                 int64  // order within the set, from 1; given by the store
	RowKind            string // RowUser or RowGroup
	RowID              int64  // global user id, or group id
	OrganizationUserID int64  // of users; 0 for groups
	RowName            string // names and address as they were when staged, for people
	RowEmail           string
	WorkspaceID        int64
	WorkspaceName      string
	Op                 string // OpAdd or OpRemove
	Was                string // the cell's state when staged, as package changes writes it
	State              string // StepStaged, …
	Message            string // the upstream's words
	Attempt            int    // how often it was begun
	SentAt             time.Time
	DoneAt             time.Time
}

const stepColumns = `id, row_kind, row_id, organization_user_id, row_name, row_email, workspace_id, workspace_name,
	op, was, state, message, attempt, sent, done`

func scanStep(row scanner) (Step, error) {
	var step Step
	var sent, done int64
	err := row.Scan(&step.ID, &step.RowKind, &step.RowID, &step.OrganizationUserID, &step.RowName, &step.RowEmail,
		&step.WorkspaceID, &step.WorkspaceName, &step.Op, &step.Was, &step.State, &step.Message, &step.Attempt, &sent, &done)
	step.SentAt, step.DoneAt = fromOptionalMillis(sent), fromOptionalMillis(done)
	return step, err
}

// Steps returns all steps of a set in their order; none if there is no such set.
func (s *Store) Steps(ctx context.Context, setID string) ([]Step, error) {
	return s.StepsAfter(ctx, setID, 0, math.MaxInt32)
}

// StepsAfter returns at most limit steps of a set in their order, of those whose ids
// are greater than after: the page after the one that ended with it.
func (s *Store) StepsAfter(ctx context.Context, setID string, after int64, limit int) ([]Step, error) {
	steps, err := collect(scanStep)(s.db.QueryContext(ctx,
		`SELECT `+stepColumns+` FROM change_steps WHERE set_id = $1 AND id > $2 ORDER BY id LIMIT $3`, setID, after, limit))
	if err != nil {
		return nil, fmt.Errorf("store: read steps: %w", err)
	}
	return steps, nil
}
